"""Signed values for links in mails and for private files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import signing


def sign(purpose: str, value: Any) -> str:
    """A URL-safe token that holds VALUE; a token of one purpose is no good for another."""
    return signing.dumps(value, salt=f"peerdesk.{purpose}", compress=True)


def unsign(purpose: str, token: str, *, max_age: timedelta) -> Any:
    """The value, or None when the token is forged, of another purpose, or too old."""
    try:
        return signing.loads(token, salt=f"peerdesk.{purpose}", max_age=max_age)
    except signing.BadSignature:
        return None
