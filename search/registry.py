"""How an app tells search about its things: one Source per kind, in `<app>/searchable.py`."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet

from search.analysis.folding import fold

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Passage:
    """A section of a document that has an address of its own."""

    anchor: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is searched of a thing, and who may find it."""

    kind: str
    object_id: str
    title: str
    url: str
    body: str = ""
    language: str = "en"
    tokens: frozenset[str] = frozenset({"public"})
    product: str = ""
    tags: tuple[str, ...] = ()
    solved: bool | None = None
    state: str = ""
    # Archived, declined, merged: found, but below live things.
    demoted: bool = False
    popularity: int = 0
    created_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = None
    family: str = ""
    passages: tuple[Passage, ...] = ()
    # Set by search itself.
    version: int = 0


class Source(Generic[M]):
    """One kind of findable thing."""

    kind: ClassVar[str]
    model: type[M]
    label: ClassVar[str | _StrPromise]
    mark: ClassVar[str] = ""
    # More words that `in:` understands.
    words: ClassVar[tuple[str, ...]] = ()
    # Words that `is:` and `status:` understand beside the states' own: word → codes of states.
    state_words: ClassVar[dict[str, tuple[str, ...]]] = {}

    def queryset(self) -> QuerySet[M]:
        """Everything anybody may find; what is not in here is taken out of search."""
        raise NotImplementedError

    def document(self, obj: M) -> Document | None:
        raise NotImplementedError

    def visible_to(self, viewer: Any) -> QuerySet[M]:
        """The rows VIEWER may see: the last word on every hit."""
        manager: Any = self.model._default_manager
        found: QuerySet[M] = manager.visible_to(viewer)
        return found

    def states(self, viewer: Any = None) -> dict[str, Any]:
        """Code of a state → the word that VIEWER reads; what is not in here is not shown."""
        try:
            field: Any = self.model._meta.get_field("state")
        except FieldDoesNotExist:
            return {}
        return dict(field.flatchoices)

    def state_label(self, state: str, viewer: Any = None) -> str:
        return str(self.states(viewer).get(state, ""))


_sources: dict[str, Source[Any]] = {}

S = TypeVar("S", bound="type[Source[Any]]")


def register(source: S) -> S:
    """Class decorator: SOURCE is found by its kind from now on."""
    _sources[source.kind] = source()
    return source


def unregister(kind: str) -> None:
    _sources.pop(kind, None)


def sources() -> Iterator[Source[Any]]:
    return iter(list(_sources.values()))


def source(kind: str) -> Source[Any] | None:
    return _sources.get(kind)


def source_of(obj: Model) -> Source[Any] | None:
    """The source for OBJ's model, also when OBJ is a proxy or a subclass of it."""
    for model in type(obj).__mro__:
        for candidate in _sources.values():
            if candidate.model is model:
                return candidate
    return None


def kind_named(word: str) -> str:
    """The kind that `in:WORD` means, "" if none; its label in the reader's language counts too."""
    word = fold(word.lower())
    for candidate in _sources.values():
        names = (candidate.kind, f"{candidate.kind}s", candidate.label, *candidate.words)
        if word in {fold(str(name).lower()) for name in names}:
            return candidate.kind
    return ""


def states_named(word: str, viewer: Any = None) -> tuple[str, ...]:
    """The states that `status:WORD` means, over all kinds."""
    word = _plain(word)
    codes: dict[str, None] = {}
    for candidate in _sources.values():
        if word in candidate.state_words:
            codes.update(dict.fromkeys(map(str, candidate.state_words[word])))
            continue
        for code, label in candidate.states(viewer).items():
            if word in {_plain(code), _plain(str(label))}:
                codes[str(code)] = None
    return tuple(codes)


def _plain(name: str) -> str:
    return fold(name.lower()).replace("-", " ").replace("_", " ")
