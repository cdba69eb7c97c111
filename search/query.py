"""What others ask: find() for pages and API, similar() for composers, suggest() while typing."""

from __future__ import annotations

import datetime
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language

from accounts.access import viewer_tokens
from search import completion, registry, semantic
from search.analysis import queries, tokens
from search.analysis.documents import tag_key
from search.analysis.stemming import base_language
from search.analysis.words import GRAM, analyser
from search.editing import live as editing
from search.editing import pinning
from search.engines import engine
from search.engines.base import Found, Phrase, Query, QueryWord, Required
from search.engines.words import meant
from search.hits import Facet, Hit, Results, hit_of, shown, visible_entries
from search.projection import live
from search.syntax import MAX_LENGTH, SPANS, Parsed, parse, since_of

MAX_LIMIT = 50
# Values of one filter.
_MAX_VALUES = 50
_BODY_WORDS = 400
# Against a word of the title; more for one that is said again (docs/decisions/0003-ranking.md).
_BODY_WEIGHT, _SAID_AGAIN = 0.55, 3
# The words of a phrase as other languages have them: they find, and hardly rank.
_ELSEWHERE = 0.5
_PUBLIC = frozenset({"public"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the reader chose beside the words."""

    kinds: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    solved: bool | None = None
    since: datetime.datetime | None = None
    newest: bool = False

    @property
    def is_any(self) -> bool:
        """Whether something is asked for even without a word."""
        return self.solved is not None or any(
            (self.kinds, self.products, self.languages, self.states, self.since)
        )

    def or_typed(self, parsed: Parsed) -> Filters:
        """With what the words themselves ask for, where nothing was chosen."""
        return Filters(
            kinds=self.kinds or tuple(parsed.kinds),
            products=self.products or tuple(parsed.values("product")),
            languages=self.languages or tuple(parsed.values("language")),
            states=self.states or tuple(parsed.states),
            solved=parsed.solved if self.solved is None else self.solved,
            since=self.since or parsed.last("since"),
            # Without a word nothing fits better than the rest.
            newest=self.newest or bool(parsed.last("sort")) or not parsed.has_words,
        )


def find(
    text: str,
    *,
    viewer: Any,
    kinds: Iterable[str] | None = None,
    products: Iterable[str] | None = None,
    languages: Iterable[str] | None = None,
    states: Iterable[str] | None = None,
    solved: bool | None = None,
    since: datetime.datetime | None = None,
    newest: bool = False,
    tags: Iterable[str] | None = None,
    limit: int = 20,
    cursor: str | None = None,
    language: str | None = None,
    facets: bool = False,
    spelling: bool = True,
) -> Results:
    """The best results for TEXT that VIEWER may see; what is given outdoes what was typed."""
    began = time.perf_counter()
    parsed = parse(text)
    tags = [tag for tag in tags or () if tag]
    chosen = Filters(
        kinds=_values(kinds),
        products=_values(products),
        languages=_values(languages),
        states=_values(states),
        solved=solved,
        since=since,
        newest=newest,
    )
    # A field that was the whole of the query moves into the address when another is added.
    if not (parsed.has_words or parsed.has_filters or tags or (chosen.is_any and not parsed.typed)):
        return Results(asked=parsed)
    if parsed.has_words:
        editing.look()
    query = replace(
        build(parsed, language or get_language() or "en", chosen.or_typed(parsed), tags),
        tokens=tokens_of(viewer),
        limit=max(1, min(limit, MAX_LIMIT)),
        after=_read(cursor),
        facets=facets,
        ages=tuple(filter(None, map(since_of, SPANS))) if facets else (),
        spelling=spelling,
    )
    if not query.newest:
        query = semantic.with_meaning(query, parsed.text)
    results = _answered(parsed, query, viewer)
    results.took_ms = round((time.perf_counter() - began) * 1000)
    return results


def _answered(parsed: Parsed, query: Query, viewer: Any) -> Results:
    found, pinned = pinning.search(parsed.text, query, viewer)
    results = _results(found, query, viewer)
    results.hits[:0] = pinned
    results.suggestion = _suggestion(parsed, found)
    results.facets = _facets(found, query, viewer)
    results.asked, results.newest = parsed, query.newest
    return results


def _values(given: Iterable[str] | None) -> tuple[str, ...]:
    """What an address says, as far as PostgreSQL takes it and nobody could mean more.

    A form sends a field that was left empty: nothing was chosen by it.
    """
    values = dict.fromkeys(value for value in given or () if value and "\x00" not in value)
    return tuple(values)[:_MAX_VALUES]


def build(parsed: Parsed, reader: str, filters: Filters, tags: Iterable[str] = ()) -> Query:
    """The query as an engine takes it: analysed, at most 16 words."""
    spoken = queries.languages_of(parsed.text, reader)
    words, pairs = queries.query_words(parsed.text, spoken)
    words = editing.expanded(parsed.text, spoken, words)
    required = [Required((tag_key(tag),)) for tag in [*parsed.tags, *tags]]
    for title in parsed.titles:
        asked, _ = queries.query_words(title, spoken, limit=4)
        required += [Required(queries.core(word), in_title=True) for word in asked]
    excluded, without_phrases = _excluded(parsed, spoken)
    phrases = [p for text in parsed.phrases[:4] if (p := _phrase(text, spoken))]
    return Query(
        words=(*words, *_elsewhere(phrases, words)),
        pairs=pairs,
        required=tuple(required),
        phrases=tuple(p for p in phrases if len(p) > 1 or p[0]),
        excluded=excluded,
        without_phrases=without_phrases,
        barred=_barred(parsed),
        kinds=filters.kinds,
        products=filters.products,
        languages=filters.languages,
        states=filters.states,
        solved=filters.solved,
        since=filters.since,
        newest=filters.newest,
        reader=reader,
        spoken=spoken,
    )


def _phrase(text: str, spoken: tuple[str, ...]) -> Phrase:
    """An English message in quotes stands in Polish texts as well: all languages of the site."""
    site = dict.fromkeys(base_language(code) for code, _ in settings.LANGUAGES)
    return queries.phrase(text, spoken, [code for code in site if code not in spoken])[:12]


def _elsewhere(phrases: Sequence[Phrase], words: Sequence[QueryWord]) -> tuple[QueryWord, ...]:
    """What finds the texts in other languages that have one of PHRASES, beside WORDS."""
    known = {key for word in words for key in word.keys}
    keys = sorted({key for row in phrases for stems in row for key in stems} - known)
    return (QueryWord("", tuple(keys), _ELSEWHERE, is_extra=True),) if keys else ()


def _excluded(
    parsed: Parsed, spoken: tuple[str, ...]
) -> tuple[tuple[Required, ...], tuple[Phrase, ...]]:
    """What no hit may have: words anywhere or in its title, tags, and words side by side."""
    excluded = [Required((tag_key(tag),)) for tag in parsed.values("without_tag")]
    for in_title, texts in ((False, parsed.excluded), (True, parsed.values("without_title"))):
        for text in texts:
            asked, _ = queries.query_words(text, spoken, limit=4)
            excluded += [Required(queries.core(word), in_title=in_title) for word in asked]
    phrases = []
    for text in parsed.values("without_phrase")[:4]:
        row = _phrase(text, spoken)
        if len(row) == 1:
            excluded.append(Required(tuple(sorted(row[0]))))
        elif row:
            phrases.append(row)
    return tuple(excluded), tuple(phrases)


def _barred(parsed: Parsed) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """The values that no hit may have, by the name of their filter."""
    values: dict[str, list[Any]] = {}
    for name, value in parsed.barred:
        values.setdefault(name, []).extend(value if isinstance(value, tuple | list) else [value])
    return tuple((name, tuple(dict.fromkeys(some))) for name, some in values.items())


def similar(
    title: str,
    body: str = "",
    *,
    viewer: Any,
    kinds: Iterable[str] | None = None,
    exclude: tuple[str, str] | None = None,
    limit: int = 5,
    language: str | None = None,
) -> list[Hit]:
    """What resembles a text being written: all of its title, the telling words of its body."""
    query = similar_query(title, body, language or get_language() or "en")
    if not query.words:
        return []
    query = replace(
        query,
        tokens=tokens_of(viewer),
        kinds=tuple(kinds or ()),
        without=(exclude,) if exclude else (),
        counted=False,
        limit=max(1, min(limit, MAX_LIMIT)),
    )
    query = semantic.with_meaning(query, semantic.meaning_of(title, body), semantic.SIMILAR)
    return _results(engine().search(query, live()), query, viewer).hits


def similar_query(title: str, body: str, reader: str) -> Query:
    """No pairs: they hurt on questions (search.md 4.4)."""
    title = tokens.clean(title, MAX_LENGTH)
    body = tokens.clean(body, 6_000)
    spoken = queries.languages_of(f"{title} {body[:500]}", reader)
    words, _ = queries.query_words(title, spoken)
    words = editing.expanded(title, spoken, words)
    known = {word.keys for word in words}
    counts = Counter(match.group() for match in tokens.tokens(body))
    analysers = [analyser(code) for code in spoken]
    extras = []
    for raw, count in counts.most_common(_BODY_WORDS):
        if any(one.is_stop(raw) for one in analysers):
            continue
        weight = _BODY_WEIGHT * min(count, _SAID_AGAIN) ** 0.5
        word = queries.query_word(raw, analysers, weight=weight)
        if word is not None and word.keys not in known:
            keys = tuple(key for key in word.keys if key[0] != GRAM)
            extras.append(replace(word, keys=keys, is_extra=True, count=count))
    return Query(words=(*words, *extras), reader=reader, spoken=spoken)


def suggest(
    prefix: str,
    *,
    viewer: Any,
    limit: int = 8,
    kinds: Iterable[str] | None = None,
    language: str | None = None,
) -> list[Hit]:
    """Hits while typing: the last word also stands for the words it may become."""
    parsed = parse(prefix)
    if not parsed.has_words:
        return []
    editing.look()
    filters = Filters(kinds=tuple(kinds or ())).or_typed(parsed)
    query = build(parsed, language or get_language() or "en", filters)
    query = replace(query, tokens=tokens_of(viewer))
    collection = live()
    last = "" if prefix[-1:].isspace() else _last_word(parsed)
    if last:
        query = completion.gone_on(query, last, collection, in_title=parsed.ends_in_title)
    size = max(1, min(2 * limit, MAX_LIMIT))
    query = replace(query, limit=size, counted=False)
    hits = _results(engine().search(query, collection), query, viewer).hits
    # Only titles are shown, so those that show why they are there come first.
    hits.sort(key=lambda hit: "<mark>" not in hit.title_html)
    return pinning.first(parsed.text, query, viewer, hits, begun=bool(last))[:limit]


def _last_word(parsed: Parsed) -> str:
    """The word to score by that may still go on: not one in closed quotes, or to be left out."""
    if parsed.ends_without or parsed.typed.endswith('"'):
        return ""
    found = [match.group() for match in tokens.tokens(parsed.text)]
    return found[-1] if found and parsed.text.endswith(found[-1]) else ""


def tokens_of(viewer: Any) -> frozenset[str]:
    return _PUBLIC if viewer is None else viewer_tokens(viewer) | _PUBLIC


def _results(found: Found, query: Query, viewer: Any) -> Results:
    entries = visible_entries(found.hits, viewer if viewer is not None else AnonymousUser())
    keys = _marked_keys(found, query)
    hits = [
        hit_of(entries[scored.kind, scored.object_id], scored, keys)
        for scored in found.hits
        if (scored.kind, scored.object_id) in entries
    ]
    dropped = len(found.hits) - len(hits)
    return Results(
        hits=hits,
        total=found.total - dropped,
        unmatched=[word for word in found.unmatched if word not in found.corrections],
        next=_write(found.next) if found.next else None,
        degraded=found.degraded,
    )


def _marked_keys(found: Found, query: Query) -> frozenset[str]:
    keys = [key for word in found.words or query.words for key in word.keys]
    analysers = [analyser(code) for code in query.spoken]
    for text in found.corrections.values():
        word = queries.query_word(text, analysers)
        keys += word.keys if word is not None else ()
    return shown(keys)


def _suggestion(parsed: Parsed, found: Found) -> str:
    """The query with corrected words in place; "" if nothing was corrected."""
    return meant(parsed.text, found.corrections) if found.corrections else ""


def _facets(found: Found, query: Query, viewer: Any) -> dict[str, list[Facet]]:
    chosen: dict[str, Sequence[Any]] = {
        "kind": query.kinds,
        "product": query.products,
        "language": query.languages,
        "state": query.states,
        "solved": () if query.solved is None else (query.solved,),
    }
    facets = {"since": _ages(found)}
    kinds = found.facets.get("kind", {})
    for name, counts in found.facets.items():
        if name == "since":
            continue
        values = {**dict.fromkeys(chosen[name], 0), **counts}
        facets[name] = [
            Facet(value, _label(name, value, viewer, kinds), count, value in chosen[name])
            for value, count in sorted(values.items(), key=lambda pair: (-pair[1], str(pair[0])))
            if value not in ("", None)
        ]
    return facets


def _ages(found: Found) -> list[Facet]:
    """How many changed within each span; the moments are those of the spans, the latest first."""
    counts = sorted(found.facets.get("since", {}).items(), reverse=True)
    return [Facet(name, name, count) for name, (_, count) in zip(SPANS, counts, strict=False)]


def _label(name: str, value: Any, viewer: Any, kinds: dict[Any, int]) -> Any:
    if name == "kind":
        source = registry.source(value)
        return source.label if source else value
    if name == "state":
        # The same code may be another word for another kind: that of the most results counts.
        sources = sorted(registry.sources(), key=lambda source: -kinds.get(source.kind, 0))
        labels = (source.state_label(value, viewer) for source in sources)
        return next(filter(None, labels), "")
    return value


def _write(key: tuple[int, int]) -> str:
    return f"{key[0]:x}-{key[1]:x}"


def _read(cursor: str | None) -> tuple[int, int] | None:
    """A damaged cursor is the first page."""
    try:
        score, doc = (cursor or "")[:40].split("-")
        return int(score, 16) % (1 << 60), int(doc, 16) % (1 << 60)
    except ValueError:
        return None
