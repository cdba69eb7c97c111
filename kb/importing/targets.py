"""Where a Markdown file of a tree points: to other files by key, to pictures by their path."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

_FENCE = re.compile(r"^ {0,3}(?:>\s?)*(?:```|~~~)")
_TEXT = r"(?:[^\[\]]|\[[^\[\]\n]*\](?:\([^()\n]*\))?){0,2000}"
_WHERE = r"(?:<(?P<{0}a>[^<>\n]+)>|(?P<{0}b>[^\s<>()]+))"
_LINK = re.compile(
    # What stands in backticks is read first, so that nothing in it counts as a link.
    r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
    rf"|(?P<mark>!?)\[(?P<text>{_TEXT})\]\(\s*{_WHERE.format('i')}"
    r"""(?P<title>\s+(?:"[^"\n]*"|'[^'\n]*'))?\s*\)"""
    rf"|^ {{0,3}}\[(?P<label>[^\[\]\n^][^\[\]\n]*)\]:[ \t]*{_WHERE.format('r')}"
    r"""(?=[ \t]*$|[ \t]+["'(])""",
    re.MULTILINE,
)
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
# How a text names a picture that comes with it: kb.importing.pictures.
SCHEME = "picture:"
_ENDINGS = ("", ".md", ".{language}.md", "/index.md", "/README.md")


@dataclass
class Targets:
    """The links of one file: NAME is its path in the tree, KEYS says which file is which key."""

    name: str
    language: str
    keys: Mapping[str, str]
    root: Path
    notes: list[str] = field(default_factory=list)
    pictures: dict[str, Path] = field(default_factory=dict)

    def rewritten(self, body: str) -> str:
        """The text with its links by key, without what would lead nowhere."""
        parts: list[str] = []
        prose: list[str] = []
        fence = ""
        for line in body.split("\n"):
            opening = _FENCE.match(line)
            if fence:
                parts.append(line)
                fence = "" if opening and opening[0].strip()[-3:] == fence else fence
            elif opening:
                parts += self._prose(prose)
                parts.append(line)
                fence = opening[0].strip()[-3:]
            else:
                prose.append(line)
        return "\n".join([*parts, *self._prose(prose)])

    def _prose(self, lines: list[str]) -> list[str]:
        if not lines:
            return []
        text = _LINK.sub(self._replaced, "\n".join(lines))
        lines.clear()
        return [text]

    def _replaced(self, match: re.Match[str]) -> str:
        if match["ticks"]:
            return match[0]
        if match["label"]:
            return self._definition(match)
        where = match["ia"] or match["ib"]
        # A picture that is a link itself stands in the text of the outer one.
        text = _LINK.sub(self._replaced, match["text"])
        if match["mark"]:
            return self._picture(match, where, text)
        to = self._key_of(where)
        if to is None:
            self.notes.append(f"nothing imported is at {where!r}; its words stay without a link")
            return text
        return f"[{text}]({_written(to)}{match['title'] or ''})"

    def _definition(self, match: re.Match[str]) -> str:
        where = match["ra"] or match["rb"]
        to = self._key_of(where)
        if to is None:
            self.notes.append(f"nothing imported is at {where!r}; it leads to the help centre")
        return f"[{match['label']}]: {_written(to or '/help/')}"

    def _picture(self, match: re.Match[str], where: str, text: str) -> str:
        if _SCHEME.match(where) or where.startswith("#"):
            return match[0]
        name = self._path(unquote(where.partition("#")[0].partition("?")[0]))
        found = _inside(self.root, name)
        if found is None and where.startswith("/"):
            # An address on this site, perhaps.
            return match[0]
        if found is None:
            self.notes.append(f"the picture {where!r} was not taken along")
            return text
        # Brackets would end the words too early.
        alt = re.sub(r"[\[\]\s]+", " ", text).strip()
        if not alt:
            self.notes.append(
                f"the picture {where!r} was not taken along: nothing says what it shows"
            )
            return ""
        self.pictures[name] = found
        return f"![{alt}]({SCHEME}{quote(name, safe='/')}{match['title'] or ''})"

    def _path(self, path: str) -> str:
        folder = "" if path.startswith("/") else posixpath.dirname(self.name)
        return posixpath.normpath(posixpath.join(folder, path.lstrip("/")))

    def _key_of(self, where: str) -> str | None:
        """The address to write: as it is, or by key; None where no file of the tree is meant."""
        if _SCHEME.match(where):
            return where
        path, _hash, heading = where.partition("#")
        found = self._find(unquote(path.partition("?")[0]))
        if found is None:
            # An address on this site, perhaps; it was no file name.
            return where if where.startswith("/") else None
        return f"article:{quote(found, safe='/')}" + (f"#{heading}" if heading else "")

    def _find(self, path: str) -> str | None:
        if not path:
            return self.keys.get(self.name)
        name = self._path(path)
        stem = name.removesuffix(".md")
        for ending in _ENDINGS:
            for base in (name, stem):
                if (key := self.keys.get(base + ending.format(language=self.language))) is not None:
                    return key
        return None


def _inside(root: Path, name: str) -> Path | None:
    """The file NAME of the tree; none where it, or what a symbolic link makes of it, is outside."""
    try:
        found = (root / name).resolve(strict=True)
        return found if found.is_relative_to(root.resolve()) and found.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _written(address: str) -> str:
    return f"<{address}>" if re.search(r"[\s()]", address) else address
