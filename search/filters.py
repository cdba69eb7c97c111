"""What stands around the results: filters with counts, what is chosen, and the two orders.

All of it is links of the results page, so it works without scripts and can be shared.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext as _

from search import registry
from search.hits import Facet, Results
from search.syntax import SPANS, Parsed, since_of

# Filter → parameter of the address. What was typed for it has the same name in Parsed.
PARAMETERS = {
    "kind": "kind",
    "product": "product",
    "language": "lang",
    "solved": "solved",
    "state": "state",
    "since": "since",
}
SOLVED = {"yes": True, "no": False}
_SHOWN_OPTIONS = 12


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for."""

    kinds: list[str]
    products: list[str]
    languages: list[str]
    states: list[str]
    solved: bool | None
    since: datetime.datetime | None
    newest: bool

    @classmethod
    def of(cls, address: QueryDict) -> Chosen:
        return cls(
            kinds=address.getlist("kind"),
            products=address.getlist("product"),
            languages=address.getlist("lang"),
            states=address.getlist("state"),
            solved=SOLVED.get(address.get("solved", "")),
            since=since_of(address.get("since", "")),
            newest=address.get("sort") == "newest",
        )


class Around:
    """Links of one results page; each keeps everything that it does not change."""

    def __init__(self, address: QueryDict, found: Results, products: dict[str, str]) -> None:
        self.address = address
        self.asked: Parsed = found.asked
        self.found = found
        self.products = products
        languages = dict(settings.LANGUAGES)
        self.words: dict[str, tuple[str, Callable[[Any], Any]]] = {
            "kind": (_("Kind"), _kind_label),
            "product": (_("Product"), lambda code: products.get(code, code)),
            "language": (_("Language"), lambda code: languages.get(code, code)),
            "solved": (_("Solved"), lambda value: _("Solved") if value else _("Not solved")),
            "state": (_("Status"), str),
        }

    def groups(self) -> list[dict[str, Any]]:
        """The filters with their counts; a group with nothing to choose is left out."""
        groups = []
        for name, (label, word) in self.words.items():
            facets = self.found.facets.get(name, [])
            if len(facets) < 2 and not any(facet.is_on for facet in facets):
                continue
            shown = [
                facet
                for number, facet in enumerate(facets)
                if number < _SHOWN_OPTIONS or facet.is_on
            ]
            options = [
                {
                    "label": facet.label if name == "state" else word(facet.value),
                    "count": facet.count,
                    "is_on": facet.is_on,
                    "url": self._toggled(name, facet, facets),
                }
                for facet in shown
                if facet.label != ""
            ]
            groups.append({"label": label, "name": name, "options": options})
        dates = self._dates()
        if len(dates["options"]) > 1 and (groups or self.found.total or self.chosen()):
            groups.append(dates)
        return groups

    def _dates(self) -> dict[str, Any]:
        now = self.address.get("since", "")
        counts = {facet.value: facet.count for facet in self.found.facets.get("since", [])}
        is_any = not any(chip["name"] == "since" for chip in self.chosen())
        options = [
            {
                "label": label,
                "count": counts.get(value),
                "is_on": value == now if value else is_any,
                "url": self._url("since", [value] if value and value != now else []),
            }
            for value, label in (("", _("Any time")), *span_labels().items())
            # A way to nothing is none, nor is one to all that is there already.
            if not value
            or value == now
            or counts.get(value) not in {0, self.found.total if is_any else 0}
        ]
        return {"label": _("Last change"), "name": "since", "options": options}

    def chosen(self) -> list[dict[str, Any]]:
        """Each filter and field in force, with the address without it."""
        chips = []
        for name, parameter in PARAMETERS.items():
            values = [value for value in dict.fromkeys(self.address.getlist(parameter)) if value]
            if name in {"solved", "since"}:
                values = values[-1:]
            for value in values:
                label = self._label(name, value)
                if label:
                    rest = [other for other in values if other != value]
                    chips.append(self._chip(name, label, self._url(name, rest)))
        outdone = {chip["name"] for chip in chips}
        for piece in self.asked.pieces:
            if piece.name in outdone or piece.name == "sort":
                continue
            typed = self.asked.typed[piece.start : piece.end]
            url = self._address(q=self.asked.without(piece))
            chips.append({"name": piece.name, "group": "", "label": typed, "url": url})
        return chips

    def orders(self) -> list[dict[str, Any]]:
        """The two orders as tabs; there is only one where no words were searched, or one thing is."""
        if not self.found.hits or not self.asked.text:
            return []
        if self.found.total == 1 and not self.found.newest:
            return []
        typed = self.asked.without(*(p for p in self.asked.pieces if p.name == "sort"))
        return [
            {
                "label": label,
                "url": self._address(q=typed, sort=value),
                "is_current": self.found.newest == bool(value),
                "count": None,
            }
            for value, label in (("", _("Best match")), ("newest", _("Newest")))
        ]

    def kept(self) -> list[tuple[str, str]]:
        """What a new search from the same page takes along."""
        names = (*PARAMETERS.values(), "sort")
        return [
            (name, value)
            for name in names
            for value in dict.fromkeys(self.address.getlist(name))
            if value
        ]

    def words_alone(self) -> str:
        """What was typed without the fields that filter."""
        kept = {"title", "without", "without_phrase", "without_title"}
        pieces = [p for p in self.asked.pieces if p.name not in kept]
        return self.asked.without(*pieces)

    def unquoted(self) -> tuple[str, str]:
        """What was typed without the quotes of its phrases, and the page of it."""
        typed = self.asked.typed
        for phrase in self.asked.phrases:
            typed = typed.replace(f'"{phrase}"', phrase)
        return typed, self._address(q=typed)

    def cleared(self) -> str:
        query = QueryDict(mutable=True)
        query["q"] = self.words_alone()
        return f"?{query.urlencode()}"

    def _label(self, name: str, value: str) -> str:
        if name == "solved":
            return str(self.words[name][1](SOLVED[value])) if value in SOLVED else ""
        if name == "since":
            moment = since_of(value)
            return span_labels().get(value) or (_since_label(moment) if moment else "")
        if name == "state":
            facets = self.found.facets.get("state", [])
            # One that no kind has can be taken away again, too.
            return next((str(facet.label) for facet in facets if facet.value == value), "") or value
        return str(self.words[name][1](value))

    def _chip(self, name: str, label: str, url: str) -> dict[str, Any]:
        group = self.words[name][0] if name in {"kind", "product", "language", "state"} else ""
        return {"name": name, "group": group, "label": label, "url": url}

    def _toggled(self, name: str, facet: Facet, facets: list[Facet]) -> str:
        values = [other.value for other in facets if other.is_on and other.value != facet.value]
        if name == "solved":
            values = [] if facet.is_on else ["yes" if facet.value else "no"]
        elif not facet.is_on:
            values.append(facet.value)
        return self._url(name, values)

    def _url(self, name: str, values: list[str]) -> str:
        """The page with VALUES for one filter; what was typed for it goes."""
        typed = self.asked.without(*(p for p in self.asked.pieces if p.name == name))
        query = self.address.copy()
        query.setlist(PARAMETERS[name], values)
        return self._address(query, q=typed)

    def _address(self, query: QueryDict | None = None, **changes: str) -> str:
        query = query if query is not None else self.address.copy()
        query.pop("cursor", None)
        for name, value in changes.items():
            query[name] = value
            if not value:
                del query[name]
        return f"?{query.urlencode()}"


def _kind_label(kind: str) -> Any:
    source = registry.source(kind)
    return source.label if source else kind


def span_labels() -> dict[str, str]:
    labels = (_("Past day"), _("Past week"), _("Past month"), _("Past year"))
    return dict(zip(SPANS, labels, strict=True))


def _since_label(moment: datetime.datetime) -> str:
    return _("Since %(date)s") % {"date": formats.date_format(moment, "DATE_FORMAT")}
