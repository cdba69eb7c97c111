"""The one exception that actions raise when a rule says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Refused(Exception):
    """A rule said no; the message is a translated sentence for the person who asked.

    Not caught by a view, it becomes a 409 page that shows the message.
    """

    def __init__(self, message: str | _StrPromise, *, code: str = "") -> None:
        super().__init__(str(message))
        self.message = message
        self.code = code
