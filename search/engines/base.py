"""What an engine must do. Everything above it is the same for all engines."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from search.models import Collection
from search.registry import Document

# A row of alternatives (stems of the languages asked in); an empty set is any word.
Phrase = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of the query with the terms that find it."""

    text: str
    keys: tuple[str, ...]
    weight: float = 1.0
    # Words that only help to rank: not corrected, and not reported when nothing has them. Those
    # with a count are of a composer's body; only the most telling of them are used.
    is_extra: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Required:
    """At least one of the keys must be in the document (in its title, if said so)."""

    keys: tuple[str, ...]
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """A document close to the query in meaning. Whether it may be found is the engine's matter."""

    kind: str
    object_id: str
    cosine: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to an engine: analysed words, filters, and who asks."""

    words: tuple[QueryWord, ...] = ()
    # Pairs of neighbours, scored only.
    pairs: tuple[str, ...] = ()
    required: tuple[Required, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    # What no hit may have: words, words side by side, values of a filter by its name.
    excluded: tuple[Required, ...] = ()
    without_phrases: tuple[Phrase, ...] = ()
    barred: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    tokens: frozenset[str] = frozenset({"public"})
    kinds: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    solved: bool | None = None
    # Last changed at or after this time.
    since: datetime.datetime | None = None
    # By last change instead of by fit; the cursor's first number is then seconds since 1970.
    newest: bool = False
    reader: str = "en"
    # The languages the words were analysed in: corrections are, too.
    spoken: tuple[str, ...] = ("en",)
    # (kind, object id) of what is not wanted: the thing itself, or what is shown apart.
    without: tuple[tuple[str, str], ...] = ()
    # Found by meaning, without a word in common (the extra `semantic`); they match as well.
    near: tuple[Near, ...] = ()
    near_weight: float = 0.25
    spelling: bool = True
    limit: int = 20
    after: tuple[int, int] | None = None
    facets: bool = False
    # With facets: how many last changed at or after each of these (Found.facets["since"]).
    ages: tuple[datetime.datetime, ...] = ()
    # Whether the total is wanted; it costs a look at every document that matches.
    counted: bool = True
    # Whether the place of each hit's best passage is wanted.
    places: bool = True

    @property
    def is_negative(self) -> bool:
        """Whether something is said to be left out."""
        return bool(self.excluded or self.without_phrases or self.barred)


@dataclass(frozen=True, slots=True)
class Scored:
    """A hit as the engine knows it. OFFSET is where its best passage begins in the body."""

    kind: str
    object_id: str
    score: int
    doc: int
    offset: int = 0


@dataclass(slots=True)
class Found:
    """What an engine answers. Counts are after access and filters, and exact."""

    hits: list[Scored] = field(default_factory=list)
    total: int = 0
    # The key of the last hit if there are more behind it.
    next: tuple[int, int] | None = None
    facets: dict[str, dict[Any, int]] = field(default_factory=dict)
    unmatched: list[str] = field(default_factory=list)
    # Word as typed → the word of the site's own texts that was searched as well.
    corrections: dict[str, str] = field(default_factory=dict)
    # The words of the query with all the terms they were searched by.
    words: tuple[QueryWord, ...] = ()
    # Another engine answered than the one that should have, with what it has.
    degraded: bool = False


class Layer(Protocol):
    """A place where documents are kept; each is held against the entries by itself."""

    in_database: bool

    def index(self, documents: Sequence[Document], collection: Collection) -> None: ...

    def remove(
        self,
        keys: Sequence[tuple[str, str]],
        collection: Collection,
        seen: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        """SEEN: the version of each that is to go; what has a later one by now stays."""

    def versions(self, collection: Collection) -> dict[tuple[str, str], int]: ...


# Grows with every change by which the same documents would be kept otherwise: other terms, weights
# or fields. What was kept in an older form is made anew (tests/search/test_form.py).
FORM = 2


class Engine(Protocol):
    """A search engine: collections of documents, filled and asked."""

    name: str

    @property
    def made_by(self) -> str:
        """Name and settings that decide what a collection holds."""

    def layers(self) -> Sequence[Layer]: ...

    def index(self, documents: Sequence[Document], collection: Collection) -> None:
        """Adds or replaces DOCUMENTS in the running transaction."""

    def build(self, documents: Iterable[Document], collection: Collection) -> int:
        """Fills the empty COLLECTION, fast, in several transactions; how many it took."""

    def remove(self, keys: Sequence[tuple[str, str]], collection: Collection) -> None:
        """Takes out documents by (kind, object id)."""

    def drop(self, collection: Collection) -> None:
        """Deletes COLLECTION with all it holds."""

    def goes_live(self, collection: Collection) -> None:
        """After the switch to COLLECTION."""

    def feed(self) -> int:
        """Brings to another server what waits for it; how many documents it took."""

    def search(self, query: Query, collection: Collection) -> Found: ...

    def nearest(
        self, vector: Sequence[float], tokens: frozenset[str], limit: int
    ) -> tuple[Near, ...] | None:
        """The LIMIT public things nearest in meaning, and as many private ones with one of TOKENS.

        None if this engine has no vectors: they are looked through in memory then.
        """

    def take_vectors(self, until: float) -> None:
        """Takes over what has been made of the extra `semantic` since it last did."""

    def complete(self, prefix: str, collection: Collection, limit: int = 5) -> list[str]:
        """The most frequent words of public texts that begin with PREFIX."""

    def versions(self, collection: Collection) -> dict[tuple[str, str], int]:
        """(kind, object id) → version of every document in COLLECTION."""

    def refresh_statistics(self, collection: Collection) -> None:
        """Counts documents and terms anew; a nightly matter."""

    def health(self) -> dict[str, Any]: ...
