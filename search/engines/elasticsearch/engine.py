"""The `elasticsearch` engine; `sql` answers for it when it cannot."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils import timezone
from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError

from jobs.actions import wake
from search import projection, registry
from search.engines.base import Found, Layer, Near, Query
from search.engines.elasticsearch import asking, outbox
from search.engines.elasticsearch.analysing import deliver
from search.engines.elasticsearch.breaker import Breaker
from search.engines.elasticsearch.building import Building, keep_vocabulary
from search.engines.elasticsearch.client import BUSY, FAULTS, Asker, Config, Rubbish
from search.engines.elasticsearch.counts import Counts
from search.engines.elasticsearch.encoding import analysed, item_of, removal, vocabulary_of
from search.engines.elasticsearch.fallback import FULL, NONE, Fallback
from search.engines.elasticsearch.index import Indexes
from search.engines.elasticsearch.passages import Passages
from search.engines.elasticsearch.refusals import brief
from search.engines.elasticsearch.rows import OURS
from search.engines.elasticsearch.searching import Searching
from search.engines.sql import spelling
from search.engines.sql.weights import Means
from search.models import Collection, Entry, Outbox, Term
from search.registry import Document
from search.semantic import encoder

logger = logging.getLogger("peerdesk.search")

_AWAY = (ApiError, TransportError, Rubbish)
_REBUILD_ONCE = 600
_TERMS = 1_000


class ElasticsearchEngine:
    name = "elasticsearch"

    def __init__(
        self,
        config: Config | None = None,
        fallback: str = "",
        breaker: Breaker | None = None,
    ) -> None:
        self.config = config or Config.from_settings()
        self.client = self.config.connect()
        self.indexes = Indexes(self.client, self.config)
        self.fallback = Fallback(fallback or settings.SEARCH_FALLBACK)
        self.counts = Counts()
        self.passages = Passages(self.indexes)
        self.breaker = breaker or Breaker()
        self.feeding = Breaker()
        self.remote = Remote(self)

    @property
    def made_by(self) -> str:
        return f"{self.name}, fallback {self.fallback.mode}"

    # Writing

    def layers(self) -> Sequence[Layer]:
        return [self.remote] if self.fallback.mode == NONE else [self.fallback, self.remote]

    def index(self, documents: Sequence[Document], collection: Collection) -> None:
        if collection.state != Collection.State.SCRATCH:
            self.fallback.index(documents, collection)
        self.remote.index(documents, collection)

    def remove(self, keys: Sequence[tuple[str, str]], collection: Collection) -> None:
        if collection.state != Collection.State.SCRATCH:
            self.fallback.remove(keys, collection)
        self.remote.remove(keys, collection)

    def build(self, documents: Iterable[Document], collection: Collection) -> int:
        is_scratch = collection.state == Collection.State.SCRATCH
        keeps = NONE if is_scratch else self.fallback.keeps
        building = Building(self.indexes, collection, vocabulary=keeps != FULL)
        passing = building.passing(documents)
        fill = Fallback(NONE) if is_scratch else self.fallback
        count = fill.build(passing, collection)
        collection.statistics = building.lengths.statistics()
        collection.save(update_fields=["statistics", "has_families"])
        return count

    def drop(self, collection: Collection) -> None:
        try:
            self.indexes.drop(collection.pk)
        except _AWAY as error:
            # Kept in the books, so that `tidy` tries again.
            logger.warning("index %s could not be dropped: %s", collection.pk, error)
            building = Collection.objects.filter(pk=collection.pk, state=Collection.State.BUILDING)
            building.update(state=Collection.State.SCRATCH)
            return
        self.counts.forget(collection.pk)
        self.fallback.sql.drop(collection)

    def goes_live(self, collection: Collection) -> None:
        try:
            self.indexes.point(collection.pk)
        except _AWAY as error:
            # Only a name for people: searches ask the collection's own index.
            logger.warning("the alias does not name index %s: %s", collection.pk, error)

    def feed(self) -> int:
        """Brings waiting changes to the server; what cannot be brought stays."""
        if not self.feeding.allows():
            return 0
        live = projection.live()
        vocabulary = self.fallback.keeps != FULL
        also = self._follow if encoder.is_on() else None
        feeder = outbox.Feeder(self.indexes, vocabulary=vocabulary, also=also)
        try:
            if not self.indexes.exists(live.pk):
                self._begin(live)
            fed = feeder.run()
        except _AWAY as error:
            self.feeding.failed()
            logger.warning("Elasticsearch takes nothing: %s", brief(error))
            return feeder.fed
        self.feeding.succeeded()
        return fed

    def _follow(self, keys: Sequence[tuple[str, str]]) -> None:
        try:
            self.passages.follow(keys)
        except FAULTS as error:
            # Away: the texts were not taken either, or will be sent again. What is wrong with
            # vectors alone never holds up texts.
            if isinstance(error, TransportError) or getattr(error, "status_code", 0) in BUSY:
                raise
            logger.warning("vectors do not follow", exc_info=error)

    def _begin(self, live: Collection) -> None:
        """An index is made at once where all there is still waits, else by a rebuild."""
        waiting = Outbox.objects.filter(kind=OuterRef("kind"), object_id=OuterRef("object_id"))
        if not Entry.objects.exclude(Exists(waiting)).exists():
            self.indexes.create(live.pk)
            self.goes_live(live)
        elif cache.add("search.rebuild", 1, _REBUILD_ONCE):
            # Engines are made before tasks can be imported.
            from search import tasks

            tasks.rebuild_index.enqueue()

    # Asking

    def search(self, query: Query, collection: Collection) -> Found:
        if collection.state == Collection.State.SCRATCH:
            # Figures of another engine would be worse than none.
            return self._searching(query, collection).run()
        if self.breaker.allows():
            found = self._tried(query, collection)
            if found is not None:
                return found
        after = query.after if query.after and query.after[0] < OURS else None
        found = self.fallback.sql.search(replace(query, after=after), collection)
        found.degraded = True
        return found

    def _tried(self, query: Query, collection: Collection) -> Found | None:
        try:
            found = self._searching(query, collection).run()
            _check(found)
        except NotFoundError:
            # A rebuild has dropped it since; or there is none yet.
            self.breaker.succeeded()
            live = projection.live()
            return self._tried(query, live) if live.pk > collection.pk else None
        except FAULTS as error:
            self._failed(error)
            return None
        self.breaker.succeeded()
        return found

    def _failed(self, error: Exception) -> None:
        status = error.status_code if isinstance(error, ApiError) else 0
        if isinstance(error, TransportError) or status:
            logger.warning("Elasticsearch did not answer: %s", brief(error))
        else:
            logger.warning("Elasticsearch answered rubbish", exc_info=error)
        # A query it does not take says nothing about the next one.
        if not 400 <= status < 500 or status in BUSY or status in {401, 403}:
            self.breaker.failed()

    def _searching(self, query: Query, collection: Collection) -> Searching:
        return Searching(query, collection, self._asker(collection), self.counts)

    def _asker(self, collection: Collection) -> Asker:
        is_live = collection.state == Collection.State.LIVE
        withdrawn = asking.withdrawn(outbox.withdrawn()) if is_live else []
        return Asker(
            self.client,
            self.indexes.name(collection.pk),
            self.config.timeout,
            withdrawn=withdrawn,
        )

    def nearest(
        self, vector: Sequence[float], tokens: frozenset[str], limit: int
    ) -> tuple[Near, ...] | None:
        if self.breaker.is_open:
            return ()
        try:
            return self.passages.nearest(vector, tokens, limit, self.config.timeout)
        except FAULTS as error:
            self._failed(error)
            return ()

    def take_vectors(self, until: float) -> None:
        try:
            self.passages.fill(until)
        except FAULTS as error:
            logger.warning("Elasticsearch takes no vectors: %s", brief(error))

    def complete(self, prefix: str, collection: Collection, limit: int = 5) -> list[str]:
        def count(terms: Sequence[tuple[int, str]]) -> dict[int, int]:
            keys = [key for _, key in terms]
            df, _ = self.counts.of(keys, collection.pk, self._asker(collection))
            return {term: df[key] for term, key in terms}

        if self.breaker.allows():
            try:
                return spelling.completions(prefix, collection, limit, count)
            except NotFoundError:
                self.breaker.succeeded()
            except FAULTS as error:
                self._failed(error)
        return self.fallback.sql.complete(prefix, collection, limit)

    # Keeping

    def versions(self, collection: Collection) -> dict[tuple[str, str], int]:
        return self.remote.versions(collection)

    def refresh_statistics(self, collection: Collection) -> None:
        """Frequencies for spelling and completion; ranking asks for them anyway."""
        if self.fallback.mode != NONE:
            is_whole = self.fallback.keeps == FULL
            self.fallback.sql.refresh_statistics(collection, is_whole=is_whole)
        if self.fallback.keeps == FULL:
            return
        self.counts.forget(collection.pk)
        languages: dict[str, int] = {}
        terms = Term.objects.filter(collection=collection).order_by("pk")
        pks = list(terms.values_list("pk", flat=True))
        for start in range(0, len(pks), _TERMS):
            rows = list(Term.objects.filter(pk__in=pks[start : start + _TERMS]))
            df, statistics = self.counts.of(
                [row.key for row in rows], collection.pk, self._asker(collection)
            )
            languages = statistics.languages
            changed = [row for row in rows if row.df != df[row.key]]
            for row in changed:
                row.df = df[row.key]
            Term.objects.bulk_update(changed, ["df"], batch_size=_TERMS)
        known = collection.statistics.get("languages", {})
        collection.statistics = {
            "languages": {
                language: {"title": 7.0, "body": 120.0, **known.get(language, {}), "n": count}
                for language, count in languages.items()
            }
        }
        collection.save(update_fields=["statistics"])

    def health(self) -> dict[str, Any]:
        return {
            "engine": self.name,
            "is_away": self.breaker.is_open,
            "is_in_doubt": self.breaker.is_in_doubt,
            "fallback": self.fallback.mode,
            "documents": Entry.objects.count(),
            **outbox.lag(),
        }


def _check(found: Found) -> None:
    """An id that no row of its kind could have would be an error where hits are read again."""
    for hit in found.hits:
        source = registry.source(hit.kind)
        if source is not None:
            try:
                source.model._meta.pk.to_python(hit.object_id)
            except ValidationError as error:
                raise Rubbish(f"no id of a {hit.kind}") from error


class Remote:
    """What is on the server: behind the outbox for the live collection, at once for others."""

    in_database = False

    def __init__(self, engine: ElasticsearchEngine) -> None:
        self._engine = engine

    def index(self, documents: Sequence[Document], collection: Collection) -> None:
        if any(document.family for document in documents) and not collection.has_families:
            collection.has_families = True
            collection.save(update_fields=["has_families"])
        if collection.state == Collection.State.LIVE:
            self._put([(d.kind, d.object_id, d.version) for d in documents])
            return
        means = Means.of(collection.statistics)
        texts = [(document, analysed(document)) for document in documents]
        if self._engine.fallback.keeps != FULL:
            words = {
                key: text.displays.get(key, "")
                for document, text in texts
                if "public" in document.tokens
                for key in vocabulary_of(text)
            }
            keep_vocabulary(collection.pk, words)
        items = [item_of(d, text, means(d.language)) for d, text in texts]
        self._deliver(collection, items)

    def remove(
        self,
        keys: Sequence[tuple[str, str]],
        collection: Collection,
        seen: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        now = int(timezone.now().timestamp() * 1_000_000)
        if collection.state == Collection.State.LIVE:
            # Removed when it is fed, and only if there is no entry then.
            self._put([(kind, object_id, now) for kind, object_id in keys])
        else:
            versions = seen or {}
            self._deliver(collection, [removal(key, versions.get(key, now)) for key in keys])

    def _put(self, keys: Sequence[tuple[str, str, int]]) -> None:
        if not keys:
            return
        outbox.put(keys)
        # Engines are made before tasks can be imported.
        from search import tasks

        wake(tasks.feed)

    def _deliver(self, collection: Collection, items: Sequence[Any]) -> None:
        if items:
            for key, refusal in deliver(self._engine.indexes, collection.pk, items).items():
                # What has changed since it was compared has been brought by the outbox.
                if not refusal.is_stale:
                    logger.error("%s %s was refused: %s", *key, refusal.reason)
            self._engine.indexes.refresh(collection.pk)

    def versions(self, collection: Collection) -> dict[tuple[str, str], int]:
        """What is there, and what the outbox is going to bring."""
        found = dict(self._engine.indexes.versions(collection.pk))
        if collection.state == Collection.State.LIVE:
            for row in Outbox.objects.filter(error="").iterator(2_000):
                found[row.kind, row.object_id] = row.version
            waiting = Outbox.objects.filter(error="").values_list("kind", "object_id")
            there = set(
                Entry.objects.filter(object_id__in=Outbox.objects.values("object_id")).values_list(
                    "kind", "object_id"
                )
            )
            for key in waiting:
                if key not in there:
                    found.pop(key, None)
        return found
