"""Puts documents into a collection: one by one in a transaction, or many at once."""

from __future__ import annotations

import datetime
import gc
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction

from search.analysis.documents import Analysed, analyse
from search.analysis.tokens import clean
from search.analysis.words import EXACT
from search.engines.sql.ranking import Words, packed, packed_numbers
from search.engines.sql.tables import (
    MASK,
    SHIFT,
    chunks,
    execute,
    insert_postings,
    keep_terms,
    marks,
    may_take_terms,
    rows,
    terms_of,
)
from search.engines.sql.weights import Means, factor_of, family_number, posting_weights
from search.models import Collection, Doc, DocToken, DocWords
from search.registry import Document

_SAMPLE = 3_000
_BATCH = 500
_FLUSH = 400_000
_THRESHOLDS, _SELDOM = gc.get_threshold(), 100_000
_COLUMNS = (
    *("collection_id", "kind", "object_id", "family", "is_public", "version", "factor"),
    *("language", "product", "solved", "state", "changed_at"),
)


def analysed(document: Document) -> Analysed:
    return analyse(clean(document.title, 1000), document.body, document.language, document.tags)


def doc_of(document: Document, collection: Collection) -> Doc:
    return Doc(
        collection=collection,
        kind=document.kind,
        object_id=document.object_id,
        family=family_number(document.family),
        is_public="public" in document.tokens,
        version=document.version,
        factor=factor_of(demoted=document.demoted, popularity=document.popularity),
        language=document.language,
        product=document.product,
        solved=document.solved,
        state=document.state,
        changed_at=seconds_of(document.updated_at or document.created_at),
    )


def seconds_of(moment: datetime.datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def doc_tokens(doc: Doc, document: Document) -> list[DocToken]:
    if doc.is_public:
        return []
    return [DocToken(doc=doc, token=token) for token in sorted(document.tokens)]


def insert_terms(collection: int, keys: Iterable[tuple[str, str, int]]) -> None:
    """(key, display, df); a key that another transaction was first with stays as it is."""
    sql = (
        "INSERT INTO search_term (collection_id, key, display, df) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(collection, *key) for key in keys])


def insert_words(words: Iterable[tuple[int, bytes, bytes]]) -> None:
    """(document, terms, words) rows; without models, which cost as much as the writing."""
    sql = "INSERT INTO search_docwords (doc_id, terms, words) VALUES (%s, %s, %s)"
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(words))


# One by one


def index(documents: Sequence[Document], collection: Collection) -> None:
    keep_terms()
    remove([(document.kind, document.object_id) for document in documents], collection)
    means = Means.of(collection.statistics)
    for some in chunks(documents, _BATCH):
        texts = [analysed(document) for document in some]
        ids = _term_ids(collection.pk, some, texts)
        docs = Doc.objects.bulk_create([doc_of(document, collection) for document in some])
        DocToken.objects.bulk_create(
            [t for doc, d in zip(docs, some, strict=True) for t in doc_tokens(doc, d)]
        )
        postings, words = [], []
        for doc, document, text in zip(docs, some, texts, strict=True):
            own, placed = array("I"), set(text.sequence)
            for key, weight in posting_weights(text, means(document.language)):
                if key[0] != EXACT and key not in placed:
                    own.append(ids[key])
                postings.append(((ids[key] << SHIFT) + doc.pk, weight))
            seen = packed(text, ids.__getitem__)
            words.append((doc.pk, own.tobytes(), seen))
        postings.sort()
        insert_postings(postings)
        insert_words(words)
    if not collection.has_families and any(document.family for document in documents):
        collection.has_families = True
        collection.save(update_fields=["has_families"])


def _term_ids(
    collection: int, documents: Sequence[Document], texts: Sequence[Analysed]
) -> dict[str, int]:
    keys: set[str] = set()
    displays: dict[str, str] = {}
    for document, text in zip(documents, texts, strict=True):
        keys.update(text.title, text.body, text.tags, text.sequence)
        if "public" in document.tokens:
            displays.update(text.displays)
    keys.discard("")
    found = terms_of(collection, sorted(keys))
    missing = sorted(keys - found.keys())
    if missing:
        insert_terms(collection, [(key, displays.get(key, ""), 0) for key in missing])
        found.update(terms_of(collection, missing))
    return {"": 0} | {key: term for key, (term, _) in found.items()}


def remove(
    keys: Sequence[tuple[str, str]],
    collection: Collection,
    seen: Mapping[tuple[str, str], int] | None = None,
) -> None:
    """SEEN: the version of each that is to go; what has a later one by now stays."""
    by_kind: dict[str, list[str]] = {}
    for kind, object_id in keys:
        by_kind.setdefault(kind, []).append(object_id)
    ids: list[int] = []
    for kind, object_ids in by_kind.items():
        for some in chunks(object_ids):
            found = Doc.objects.filter(collection=collection, kind=kind, object_id__in=some)
            for pk, object_id, version in found.values_list("pk", "object_id", "version"):
                if seen is None or version <= seen.get((kind, object_id), version):
                    ids.append(pk)
    for some_ids in chunks(ids, 200):
        _remove_docs(some_ids)


def _remove_docs(ids: Sequence[int]) -> None:
    postings: list[int] = []
    for doc, terms, words in DocWords.objects.filter(pk__in=ids).values_list():
        own = array("I")
        own.frombytes(bytes(terms))
        own.extend(Words(bytes(words)).numbers())
        postings += [(term << SHIFT) + doc for term in own]
    for some in chunks(sorted(postings)):
        execute(f"DELETE FROM search_posting WHERE id IN ({marks(some)})", list(some))
    for table in ("search_docwords", "search_doctoken"):
        execute(f"DELETE FROM {table} WHERE doc_id IN ({marks(ids)})", list(ids))
    execute(f"DELETE FROM search_doc WHERE id IN ({marks(ids)})", list(ids))


# Many at once


@dataclass(slots=True)
class _Waiting:
    """A document whose terms have no ids yet, only the builder's numbers."""

    doc: int
    text: Analysed
    own: array[int]
    sequence: array[int]
    in_title: array[int]
    in_body: array[int]

    def words(self, id_of: Callable[[int], int]) -> tuple[int, bytes, bytes]:
        seen = packed_numbers(
            map(id_of, self.sequence),
            map(id_of, self.in_title),
            map(id_of, self.in_body),
            self.text,
        )
        return self.doc, array("I", map(id_of, self.own)).tobytes(), seen


class Builder:
    """Fills an empty collection. Postings are gathered per term, so they are written in order."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        # Of the first documents, for weights; and of all, for what comes later.
        self.means = Means()
        self.lengths = Means()
        self.numbers: dict[str, int] = {"": 0}
        self.keys: list[str] = [""]
        self.ids = array("Q", [0])
        self.df = array("I", [0])
        self.written_df = array("I", [0])
        self.displays: dict[str, str] = {}
        self.postings: list[array[int]] = [array("Q")]
        self.waiting: list[_Waiting] = []
        self.count = 0
        self.size = 0
        self.last = 0

    def build(self, documents: Iterable[Document]) -> int:
        # What is gathered has no cycles: looking for them again and again takes a tenth of the time.
        gc.set_threshold(_SELDOM, *_THRESHOLDS[1:])
        try:
            return self._build(iter(documents))
        finally:
            gc.set_threshold(*_THRESHOLDS)

    def _build(self, stream: Iterator[Document]) -> int:
        # Weights need mean lengths: those of the first documents stand for all.
        sample = [(document, analysed(document)) for document in islice(stream, _SAMPLE)]
        for document, text in sample:
            self._measure(document, text)
        self.means = deepcopy(self.lengths)
        self._add_all(iter(sample))
        del sample
        rest = ((document, analysed(document)) for document in stream)
        self._add_all(self._measured(rest))
        self._flush()
        self._write_counts()
        self.collection.statistics = self.lengths.statistics()
        self.collection.save(update_fields=["statistics", "has_families"])
        return self.count

    def _measure(self, document: Document, text: Analysed) -> None:
        if "public" in document.tokens:
            self.lengths.count(document.language, text)

    def _measured(
        self, pairs: Iterator[tuple[Document, Analysed]]
    ) -> Iterator[tuple[Document, Analysed]]:
        for document, text in pairs:
            self._measure(document, text)
            yield document, text

    def _add_all(self, pairs: Iterator[tuple[Document, Analysed]]) -> None:
        while some := list(islice(pairs, _BATCH)):
            docs = [doc_of(document, self.collection) for document, _ in some]
            with transaction.atomic():
                self._insert(docs)
                DocToken.objects.bulk_create(
                    [t for doc, (d, _) in zip(docs, some, strict=True) for t in doc_tokens(doc, d)]
                )
            for doc, (document, text) in zip(docs, some, strict=True):
                self._add(doc, document, text)
            self.count += len(some)
            if self.size > _FLUSH:
                self._flush()

    def _insert(self, docs: Sequence[Doc]) -> None:
        """As bulk_create(), which costs half as much as the analysis of a text."""
        sql = f"INSERT INTO search_doc ({', '.join(_COLUMNS)}) VALUES ({marks(_COLUMNS)})"
        with connection.cursor() as cursor:
            cursor.executemany(sql, [[getattr(doc, name) for name in _COLUMNS] for doc in docs])
        found = "SELECT id, kind, object_id FROM search_doc WHERE collection_id = %s AND id > %s"
        ids = {row[1:]: row[0] for row in rows(found, [self.collection.pk, self.last])}
        self.last = max(ids.values())
        for doc in docs:
            doc.pk = ids[doc.kind, doc.object_id]

    def _add(self, doc: Doc, document: Document, text: Analysed) -> None:
        numbers, postings, df = self.numbers, self.postings, self.df
        own, base = array("I"), doc.pk << 12
        in_title, in_body = array("I"), array("I")
        placed, one = set(text.sequence), int(doc.is_public)
        for key, weight in posting_weights(text, self.means(document.language)):
            number = numbers.get(key) or self._number(key)
            if key[0] == EXACT:
                (in_title if weight & 1 else in_body).append(number)
            elif key not in placed:
                own.append(number)
            postings[number].append(base + weight)
            df[number] += one
        # A word of the sequence is a term of its own document, so it has its number by now.
        sequence = array("I", map(numbers.__getitem__, text.sequence))
        if doc.is_public:
            self.displays.update(text.displays)
        if document.family:
            self.collection.has_families = True
        self.size += len(own) + len(placed) + len(in_title) + len(in_body)
        self.waiting.append(_Waiting(doc.pk, text, own, sequence, in_title, in_body))
        text.title.clear()
        text.body.clear()
        text.sequence.clear()

    def _number(self, key: str) -> int:
        number = self.numbers[key] = len(self.keys)
        self.keys.append(key)
        self.ids.append(0)
        self.df.append(0)
        self.written_df.append(0)
        self.postings.append(array("Q"))
        return number

    def _flush(self) -> None:
        with transaction.atomic():
            self._write_terms()
            ids = self.ids
            insert_postings(self._sorted_postings())
            insert_words(one.words(ids.__getitem__) for one in self.waiting)
        self.waiting.clear()
        self.displays.clear()
        self.size = 0

    def _write_terms(self) -> None:
        new = [number for number in range(1, len(self.keys)) if not self.ids[number]]
        terms = [(self.keys[n], self.displays.get(self.keys[n], ""), self.df[n]) for n in new]
        insert_terms(self.collection.pk, terms)
        sql = "SELECT id, key FROM search_term WHERE collection_id = %s AND id > %s ORDER BY id"
        last = max(self.ids)
        for term, key in rows(sql, [self.collection.pk, last]):
            number = self.numbers[key]
            self.ids[number], self.written_df[number] = term, self.df[number]

    def _write_counts(self) -> None:
        """Once, at the end: nobody asks a collection that is being filled."""
        changed = [n for n in range(1, len(self.keys)) if self.df[n] != self.written_df[n]]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE search_term SET df = %s WHERE id = %s",
                [(self.df[number], self.ids[number]) for number in changed],
            )

    def _sorted_postings(self) -> Iterator[tuple[int, int]]:
        for number, postings in enumerate(self.postings):
            if postings:
                base = self.ids[number] << SHIFT
                for posting in postings:
                    yield base + (posting >> 12), posting & 4095
                self.postings[number] = array("Q")


def forget_unused(collection: Collection) -> int:
    """Takes away the words that no text has any more: a password that was taken out of a case is
    in no table then. Returns how many went."""
    gone, last = 0, 0
    sql = "SELECT id FROM search_term WHERE collection_id = %s AND id > %s ORDER BY id LIMIT 2000"
    while terms := [term for (term,) in rows(sql, [collection.pk, last])]:
        last = terms[-1]
        with transaction.atomic():
            if not may_take_terms():
                return gone
            unused = (
                "SELECT t.id FROM search_term t WHERE t.collection_id = %s AND t.id BETWEEN %s AND %s"
                " AND NOT EXISTS (SELECT 1 FROM search_posting p"
                f" WHERE p.id BETWEEN t.id * {1 << SHIFT} AND t.id * {1 << SHIFT} + {MASK})"
            )
            ids = [term for (term,) in rows(unused, [collection.pk, terms[0], last])]
            if ids:
                execute(f"DELETE FROM search_term WHERE id IN ({marks(ids)})", ids)
                gone += len(ids)
    return gone


def drop(collection: Collection) -> None:
    """In steps, so that no other writer waits long."""
    while ids := list(Doc.objects.filter(collection=collection).values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            for table in ("search_docwords", "search_doctoken"):
                execute(f"DELETE FROM {table} WHERE doc_id IN ({marks(ids)})", ids)
            execute(f"DELETE FROM search_doc WHERE id IN ({marks(ids)})", ids)
    sql = "SELECT id FROM search_term WHERE collection_id = %s ORDER BY id LIMIT 5000"
    while terms := [term for (term,) in rows(sql, [collection.pk])]:
        with transaction.atomic():
            for first, last in _spans(terms):
                between = [first << SHIFT, (last << SHIFT) + MASK]
                execute("DELETE FROM search_posting WHERE id BETWEEN %s AND %s", between)
            execute(f"DELETE FROM search_term WHERE id IN ({marks(terms)})", terms)
    collection.delete()


def _spans(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of neighbours: a collection's terms mostly follow each other."""
    first = last = numbers[0]
    for number in numbers[1:]:
        if number != last + 1:
            yield first, last
            first = number
        last = number
    yield first, last
