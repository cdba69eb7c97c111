"""A document as terms: what an engine stores."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain, pairwise
from operator import attrgetter

from search.analysis import stemming, tokens
from search.analysis.words import BIGRAM, CODE, EXACT, TAG, Word, analyser

# Every so many words the place in the text is remembered, to cut a passage without reading all.
STEP = 30
# A text without a title is known by its first words.
_LEAD = 40
_LONGEST = 500
_KEYS, _STEMS, _DISPLAYS = map(attrgetter, ("keys", "stems", "displays"))


@dataclass(slots=True)
class Analysed:
    """Terms of a document with their counts, and its words in order."""

    title: Counter[str]
    body: Counter[str]
    title_length: int
    body_length: int
    sequence: list[str]
    title_words: int
    # Words in all, stop words too.
    words: int = 0
    # The exact forms of the title.
    title_text: str = ""
    offsets: list[int] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    # How folded words were written, for suggestions.
    displays: dict[str, str] = field(default_factory=dict)


def analyse(title: str, body: str, language: str, tags: tuple[str, ...] = ()) -> Analysed:
    """TITLE and BODY must be clean (`tokens.clean`): offsets count in them."""
    title_words = _words(title, language)
    if not any(word.keys for word in title_words):
        # "To Be or Not to Be": a title of stop words only keeps them.
        whole = analyser(language).whole
        title_words = [whole(match.group()) for match in tokens.tokens(title)]
    title_stems = [stem for word in title_words for stem in word.stems]
    title_counts = Counter([key for word in title_words for key in word.keys])
    title_counts.update(bigrams(title_stems, language))
    title_counts.update([gram for word in title_words for gram in word.grams])
    known_by = [key for word in title_words for key in word.keys]
    displays = {key: text for word in title_words for key, text in word.displays}
    # What stands between words and the words, in turn: tells in one pass where each begins.
    pieces = tokens.APART.split(body)
    words = list(map(analyser(language).words.__getitem__, pieces[1::2]))
    counts = Counter(chain.from_iterable(map(_KEYS, words)))
    if not body.isascii():
        displays.update(chain.from_iterable(map(_DISPLAYS, words)))
    _add_tags(counts, tags, language)
    if not title_words:
        for word in words[:_LEAD]:
            known_by += word.keys
            counts.update(word.grams)
    stems = list(map(_STEMS, words))
    sequence = [*title_stems, *chain.from_iterable(stems)]
    return Analysed(
        title=title_counts,
        body=counts,
        title_length=len(title_stems) - title_stems.count(""),
        body_length=len(sequence) - sequence.count("") - len(title_stems) + title_stems.count(""),
        sequence=sequence,
        title_words=len(title_stems),
        words=len(sequence),
        title_text=" ".join(key[2:] for key in known_by if key[0] in (EXACT, CODE))[:_LONGEST],
        offsets=_offsets(len(title_stems), pieces, stems),
        tags=tuple(tag_key(tag) for tag in tags),
        displays=displays,
    )


def _offsets(before: int, pieces: list[str], stems: list[tuple[str, ...]]) -> list[int]:
    """Each STEP words: how many stems were BEFORE, and where in the body the word begins."""
    offsets, start = list[int](), len(pieces[0])
    for read in range(0, len(stems), STEP):
        offsets += (before, start)
        before += sum(map(len, stems[read : read + STEP]))
        start += sum(map(len, pieces[2 * read + 1 : 2 * (read + STEP) + 1]))
    return offsets


def _add_tags(counts: Counter[str], tags: tuple[str, ...], language: str) -> None:
    """The words of tags are found as words, too; they stand in no passage."""
    if tags:
        words = _words(" ".join(tags).replace("-", " "), language)
        counts.update(chain.from_iterable(map(_KEYS, words)))


def bigrams(stems: list[str], language: str) -> list[str]:
    """Neighbours, stop words skipped: `reset password` is worth more than both words apart."""
    kept = [stem.rpartition(":")[2] for stem in stems if stem]
    base = stemming.base_language(language)
    return [f"{BIGRAM}:{base}:{a} {b}" for a, b in pairwise(kept)]


def tag_key(tag: str) -> str:
    return f"{TAG}:{tag.lower()[:80]}"


def _words(text: str, language: str) -> list[Word]:
    word = analyser(language).word
    return [word(match.group()) for match in tokens.tokens(text)]
