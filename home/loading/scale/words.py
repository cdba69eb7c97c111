"""Makes any number of varied texts from the sentence frames of home/sample/load.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from string import Formatter
from typing import Any

from django.utils.html import escape

from home.loading.base import read

# Long tails are what makes an index large: names and codes that hardly anybody else writes.
_NAMES = 40_000
_SYLLABLES = (
    "al an ar bel bor cor da del dor el en fa fen gal gor hal il in ka kel kor la lin lo mar mel "
    "mo na nor ol or pa per ra ren ri sa sel so ta tel tor ul va vel vi wa wen ya zel"
)
# A frame: literal text, then the list to draw from, and so on.
Frame = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Text:
    """Plain paragraphs, as they are typed and as they are shown."""

    source: str
    html: str


def _frame(text: str) -> Frame:
    return tuple((literal, slot or "") for literal, slot, *_ in Formatter().parse(text))


class Writer:
    """Draws from one seeded source, so that the same seed writes the same texts."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 (texts, not secrets)
        content: dict[str, dict[str, Any]] = read("load")
        self.languages = list(content)
        self._weights = list(accumulate(content[code]["weight"] for code in self.languages))
        self._frames: dict[str, dict[str, list[Frame]]] = {
            code: {name: [_frame(text) for text in lines] for name, lines in lists.items()
                   if name != "weight"}
            for code, lists in content.items()
        }  # fmt: skip
        names = Random(0)  # noqa: S311 (the same names whatever the seed)
        self.names = sorted(
            {
                "".join(names.choices(_SYLLABLES, k=names.choice((2, 3, 3, 4))))
                for _ in range(_NAMES)
            }
        )
        names.shuffle(self.names)

    def language(self) -> str:
        return self.random.choices(self.languages, cum_weights=self._weights)[0]

    def tag_words(self) -> list[str]:
        """The topics of all languages that need no words of their own, then names."""
        topics = [
            frame[0][0]
            for lists in self._frames.values()
            for frame in lists["feature"]
            if len(frame) == 1
        ]
        return [*topics, *self.names[:120]]

    def line(self, kind: str, language: str) -> str:
        """One line of a kind, as its frame gives it."""
        parts: list[str] = []
        self._fill(self._pick(self._frames[language][kind]), self._frames[language], parts)
        return "".join(parts)

    def title(self, kind: str, language: str, limit: int) -> str:
        text = self.line(kind, language)
        return (text[:1].upper() + text[1:])[:limit].rstrip()

    def text(self, kind: str, language: str, sentences: int) -> Text:
        """Paragraphs of up to four sentences each."""
        frames, paragraphs = self._frames[language], []
        while sentences > 0:
            parts: list[str] = []
            for _ in range(min(4, sentences)):
                self._fill(self._pick(frames[kind]), frames, parts)
                parts.append(" ")
            paragraphs.append("".join(parts).strip())
            sentences -= 4
        html = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
        return Text("\n\n".join(paragraphs), html)

    def few(self, most: int, *, skew: float = 3.0) -> int:
        """Mostly a small number, seldom one near MOST: as votes and answers are spread."""
        return int(self.random.random() ** skew * (most + 1))

    def name(self) -> str:
        """Some names are on everybody's lips, most are rare."""
        return self.names[int(self.random.random() ** 3 * len(self.names))]

    def _pick(self, options: list[Any]) -> Any:
        return options[int(self.random.random() * len(options))]

    def _fill(self, frame: Frame, frames: dict[str, list[Frame]], parts: list[str]) -> None:
        for literal, slot in frame:
            parts.append(literal)
            if not slot:
                continue
            if slot in frames:
                self._fill(self._pick(frames[slot]), frames, parts)
            else:
                parts.append(self._invented(slot))

    def _invented(self, slot: str) -> str:
        random = self.random.random
        if slot == "name":
            name = self.name()
            return name.capitalize() if random() < 0.7 else f"srv-{name}-{int(random() * 40)}"
        if slot == "code":
            return f"ERR-{int(random() ** 2 * 90_000) + 1000}"
        if slot == "version":
            return f"{int(random() * 6) + 4}.{int(random() * 20)}.{int(random() * 10)}"
        if slot == "number":
            return str(int(random() ** 3 * 3000) + 2)
        raise KeyError(slot)
