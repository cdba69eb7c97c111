"""A retry or a double click never posts twice (architecture.md, point 7)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from posting.models import IdempotencyKey

# Of a form: what is not said by the person who sends it.
_NOT_SAID = frozenset({"csrfmiddlewaretoken", "key", "next"})


def new_key() -> str:
    """The value of a form's hidden field `key`."""
    return str(uuid.uuid4())


@dataclass
class Attempt:
    """One sending of a form; `url` is where it leads once it is done."""

    url: str = ""
    is_repeat: bool = False

    def done(self, url: str) -> None:
        self.url = url


@contextmanager
def once(who: Any, key: str | uuid.UUID | None, action: str) -> Iterator[Attempt]:
    """Opens a transaction in which the form creates its thing, or learns that it already did.

    WHO is a request or a user. The unique row is inserted before anything else: a second
    request with the same key waits for the first one and then gets its address. Leaving
    without `done()` forgets the key, so a form with errors can be sent again.

    A request repeats another one only when it says the same: who goes back in the browser and
    writes something else on the old page has written a new post, not sent the first one twice.
    """
    user, found = who, _uuid(key)
    if isinstance(who, HttpRequest):
        user, found = who.user, uuid.uuid5(found, _said(who))
    owner = getattr(user, "pk", None) or 0
    with transaction.atomic():
        wanted = {"owner": owner, "action": action, "key": found}
        try:
            with transaction.atomic():
                row = IdempotencyKey.objects.create(**wanted)
        except IntegrityError:
            yield Attempt(IdempotencyKey.objects.get(**wanted).url, is_repeat=True)
            return
        attempt = Attempt()
        yield attempt
        if attempt.url:
            row.url = attempt.url
            row.save(update_fields=["url"])
        else:
            row.delete()


def _said(request: HttpRequest) -> str:
    """A digest of the fields and files of a form."""
    said = [
        (name, *values) for name, values in sorted(request.POST.lists()) if name not in _NOT_SAID
    ]
    said += [
        (name, *(f"{file.name}:{_digest(file)}" for file in files))
        for name, files in sorted(request.FILES.lists())
    ]
    return hashlib.sha256(repr(said).encode("utf-8", "backslashreplace")).hexdigest()


def _digest(file: UploadedFile[Any]) -> str:
    """Of what is in it: a picture taken anew has the name, and may have the size, of the last."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _uuid(key: str | uuid.UUID | None) -> uuid.UUID:
    """A form without a usable key is taken as new rather than lost."""
    if isinstance(key, uuid.UUID):
        return key
    try:
        return uuid.UUID(str(key))
    except ValueError:
        return uuid.uuid4()
