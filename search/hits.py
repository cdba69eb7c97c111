"""What a search gives back, ready for pages, mails and the API."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString

from common.markdown import mark_terms
from search import registry
from search.analysis import tokens
from search.analysis.documents import STEP
from search.analysis.words import GRAM, analyser
from search.engines.base import Scored
from search.models import Entry
from search.syntax import Parsed

_SNIPPET = 230
_BEFORE = 60
_SPACE = re.compile(r"\s+")
_SENTENCE = re.compile(r"[.!?。\n]\s*")
# The end of a heading, a label, an item: without its mark it would run into what follows.
_BLOCK_END = re.compile(r"(?<=[^\s.!?…:;,。])[^\S\n]*\n\s*")


@dataclass(slots=True)
class Hit:
    """One findable thing that matched."""

    kind: str
    object_id: str
    title: str
    title_html: SafeString
    url: str
    snippet: SafeString
    language: str
    score: float
    product: str
    solved: bool | None
    state: str
    tags: list[str]
    created_at: datetime.datetime
    updated_at: datetime.datetime
    label: Any
    mark: str
    anchor: str = ""
    heading: str = ""
    # Put first by an editor.
    pinned: bool = False


@dataclass(slots=True)
class Facet:
    """One value a filter may take, and how many results it leaves."""

    value: Any
    label: Any
    count: int
    is_on: bool = False


@dataclass(slots=True)
class Results:
    """A page of hits; TOTAL is exact and counts only what the viewer may see."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    took_ms: int = 0
    unmatched: list[str] = field(default_factory=list)
    suggestion: str = ""
    facets: dict[str, list[Facet]] = field(default_factory=dict)
    next: str | None = None
    # How the query was understood, and whether the newest come first.
    asked: Parsed = field(default_factory=Parsed)
    newest: bool = False
    # Whether a simpler engine had to stand in: something may be missing.
    degraded: bool = False


def visible_entries(scored: Sequence[Scored], viewer: Any) -> dict[tuple[str, str], Entry]:
    """The entries of hits, asked of each kind's own rows in one query: the last word on access."""
    by_kind: dict[str, list[str]] = {}
    for hit in scored:
        by_kind.setdefault(hit.kind, []).append(hit.object_id)
    wanted = Q()
    for kind, ids in by_kind.items():
        source = registry.source(kind)
        if source is None:
            continue
        seen = {
            str(pk)
            for pk in source.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True)
        }
        if seen:
            wanted |= Q(kind=kind, object_id__in=seen)
    if not wanted:
        return {}
    return {(entry.kind, entry.object_id): entry for entry in Entry.objects.filter(wanted)}


def hit_of(entry: Entry, scored: Scored, keys: frozenset[str]) -> Hit:
    source = registry.source(entry.kind)
    place = _place(entry, scored.offset, keys)
    anchor, heading = _section(entry, place)
    return Hit(
        kind=entry.kind,
        object_id=entry.object_id,
        title=entry.title,
        title_html=marked(entry.title, entry.language, keys),
        url=f"{entry.url}#{anchor}" if anchor else entry.url,
        snippet=snippet(entry, place, keys, heading),
        language=entry.language,
        score=round(scored.score / 100_000, 4),
        product=entry.product,
        solved=entry.solved,
        state=entry.state,
        tags=entry.tags,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
        label=source.label if source else entry.kind,
        mark=(source.mark or source.kind) if source else entry.kind,
        anchor=anchor,
        heading=heading,
    )


def _place(entry: Entry, offset: int, keys: frozenset[str]) -> int:
    """Where the first word that was asked for stands; engines know it only to STEP words."""
    word = analyser(entry.language).word
    for match in islice(tokens.TOKEN.finditer(entry.body, offset), STEP + 2):
        if not keys.isdisjoint(word(match.group()).keys):
            return match.start()
    return 0


def _section(entry: Entry, place: int) -> tuple[str, str]:
    """The section in which the best passage begins; the first needs no address of its own."""
    found = ("", "")
    for number, (start, anchor, heading) in enumerate(entry.sections):
        if start > place:
            break
        if number or start:
            found = (anchor, heading)
    return found


def snippet(entry: Entry, place: int, keys: frozenset[str], heading: str = "") -> SafeString:
    """About two lines of the body around PLACE; the section's heading is shown apart from it."""
    start = max(0, place - _BEFORE)
    text = entry.body[start : place + 2 * _SNIPPET]
    lead, cut = place - start, 0
    if start:
        # Begin at a sentence if one begins nearby, else at a word.
        sentences = [match.end() for match in _SENTENCE.finditer(text[:lead])]
        words = [match.end() for match in _SPACE.finditer(text[:lead])]
        cut = sentences[-1] if sentences else (words[0] if words else 0)
        text = text[cut:] if sentences else f"…{text[cut:]}"
    if heading and text.startswith(heading):
        text = text[len(heading) :]
    text = _SPACE.sub(" ", _BLOCK_END.sub(" · ", text)).strip(" ·")
    if len(text) > _SNIPPET:
        end = text.rfind(" ", _SNIPPET - 40, _SNIPPET)
        text = text[: end if end > 0 else _SNIPPET].rstrip(" ,;:.·") + "…"
    return marked(text, entry.language, keys)


def marked(text: str, language: str, keys: frozenset[str]) -> SafeString:
    """TEXT escaped, with the words of the query in mark elements."""
    word = analyser(language).word
    spans = []
    for match in tokens.tokens(text):
        own = word(match.group()).keys
        if keys.isdisjoint(own) or _is_little(match.group()):
            continue
        spans += _spans(match, keys, language)
    return mark_terms(text, spans)


def _is_little(token: str) -> bool:
    """`I`, `do`, `we` of a whole question say nothing where they stand; `IP` does."""
    return (
        len(token) <= 2
        and token.isascii()
        and token.isalpha()
        and not (len(token) == 2 and token.isupper())
    )


def _spans(match: re.Match[str], keys: frozenset[str], language: str) -> list[tuple[int, int]]:
    """The token, or of a compound or a text without spaces only the parts that were asked for."""
    token, start = match.group(), match.start()
    pieces = list(_pieces(token))
    if len(pieces) == 1:
        return [match.span()]
    word = analyser(language).word
    found = [
        (start + at, start + at + len(piece))
        for at, piece in pieces
        if not keys.isdisjoint(word(piece).keys)
    ]
    return _joined(found) or [match.span()]


def _pieces(token: str) -> list[tuple[int, str]]:
    pieces: list[tuple[int, str]] = []
    for run in tokens.PAIRED.finditer(token):
        # Each pair of letters is a term of its own.
        pairs = range(run.start(), max(run.end() - 1, run.start() + 1))
        pieces += [(at, token[at : min(at + 2, run.end())]) for at in pairs]
    if pieces:
        pieces += [(m.start(), m.group()) for m in re.finditer(r"[A-Za-z0-9]+", token)]
        return sorted(pieces)
    return [(m.start(), m.group()) for m in re.finditer(r"[^._@\-:/\\+&]+", token)]


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def shown(keys: Sequence[str]) -> frozenset[str]:
    """The terms worth marking: parts of words are not."""
    return frozenset(key for key in keys if key[0] != GRAM)
