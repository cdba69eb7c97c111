"""Nobody's change is overwritten unseen: what a form was opened with is sent back with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from common.text import normalise_lines

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_MAX_ROWS = 12
_LETTERS_A_ROW = 60


class Stale(Refused):
    """Somebody else was faster; NOW is what stands there, by the names of the form's fields.

    MESSAGE is for a form that does not put its words in the place of others.
    """

    def __init__(self, now: Mapping[str, Any], message: str | _StrPromise = "") -> None:
        super().__init__(
            message
            or _(
                "This was changed after you opened it, so nothing is saved yet. What you wrote is "
                "still in the fields; saving again puts it in place of what stands there now."
            ),
            code="stale",
        )
        self.now = dict(now)


def version_of(values: Mapping[str, Any]) -> str:
    """The same for the same words, wherever they are read."""
    plain = {name: "" if value is None else str(value) for name, value in values.items()}
    text = json.dumps(plain, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def require_seen(seen: str | None, now: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Raises Stale when NOW is not what was SEEN; the caller holds the lock.

    None is for callers without a form. A form sent twice finds its own words there already.
    """
    if seen is None or version_of(now) in {seen, version_of(wanted)}:
        return
    raise Stale(now)


@dataclass(frozen=True)
class Newer:
    """One field as somebody else left it."""

    label: str
    text: str

    @property
    def rows(self) -> int:
        return min(_MAX_ROWS, 1 + self.text.count("\n") + len(self.text) // _LETTERS_A_ROW)


class VersionedMixin(forms.Form):
    """A form that changes what is there; its initial values are those that `require_seen` gets."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    # What stands there now, where it is not what the person wrote.
    newer: Sequence[Newer] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**self.initial, "seen": version_of(self.initial)}

    def refuse(self, refusal: Refused) -> int:
        """Says why, beside what was typed; the status to answer with."""
        self.add_error(None, str(refusal.message))
        if not isinstance(refusal, Stale):
            return 422
        # Both texts side by side; sent again, the form is from somebody who has seen both.
        old: Any = self.data
        data = old.copy()
        data[self.add_prefix("seen")] = version_of(refusal.now)
        self.data = data
        self.newer = self.newer_of(refusal.now)
        return 409

    def newer_of(self, now: Mapping[str, Any]) -> list[Newer]:
        """What to show of NOW: the fields in which it is not what the person wrote."""
        return [
            Newer(str(self[name].label), self._shown(name, value))
            for name, value in now.items()
            if self._shown(name, value) != self._shown(name, self[name].value())
        ]

    def _shown(self, name: str, value: Any) -> str:
        field: Any = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return gettext("Yes") if value else gettext("No")
        for key, label in getattr(field, "choices", ()):
            if str(key) == str("" if value is None else value):
                return str(label)
        return normalise_lines(str("" if value is None else value)).strip()
