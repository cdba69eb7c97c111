"""What people paste from GitHub looks as it does there: compared with markdown-it-py."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from common.markdown import render

GITHUB = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])

TEXTS = {
    "nested lists by two": "- a\n  - b\n    - c\n- d",
    "nested lists by three": "1. a\n   - b\n   - c\n2. d",
    "nested lists by four": "- a\n    - b",
    "numbers in bullets": "- a\n  1. b\n  2. c\n- d",
    "loose list": "- a\n\n- b",
    "loose by a paragraph": "- a\n\n  more\n- b",
    "tight with lazy line": "- a\nmore\n- b",
    "bullets of two kinds": "- a\n* b",
    "number after bullet": "- a\n1. b",
    "list with parenthesis": "1) a\n2) b",
    "list right after a paragraph": "Steps:\n- a\n- b\n\nafter",
    "numbers right after a paragraph": "Steps:\n1. a\n2. b",
    "no list in a sentence": "it was\n1984. right",
    "empty item": "- a\n-\n- c",
    "list in a quote": "> - a\n>   - b",
    "quote in a list": "- a\n\n  > b\n  > c",
    "quote right after a paragraph": "He said:\n> yes",
    "lazy quote": "> a\nb",
    "nested quotes": "> a\n> > b",
    "intraword underscores": "snake_case_name and __init__ and a_b",
    "emphasis": "*a* _b_ **c** __d__ *a **b** c* 2*3*4",
    "strike": "~~a~~ b",
    "fence in a list": "1. Run:\n\n   ```sh\n   make\n   ```\n2. Look",
    "fence in a tight list": "- a\n  ```\n  x\n    y\n  ```\n- b",
    "fence right after a paragraph": "Run:\n```\nx\n```\nafter",
    "fence with fence inside": "````\n```\nx\n```\n````",
    "tilde fence": "~~~\nx\n~~~",
    "fence in a quote": "> ```\n> x\n> ```\n> y",
    "fence with blank lines": "```\na\n\n\nb\n```",
    "indented code": "a\n\n    b\n      c\n\nd",
    "table": "| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 |",
    "table without borders": "a | b\n--|--\n1 | 2",
    "table right after a paragraph": "T:\n| a | b |\n|---|---|\n| 1 | 2 |\n\nafter",
    "pipe in a table": "| a | b |\n|---|---|\n| x\\|y | z |",
    "no table": "a | b\nc | d",
    "headings": "# A\n## B ##\n### C #x\nA\n===\nB\n---",
    "no heading without a blank": "#42",
    "heading right after a paragraph": "a\n# B",
    "rule": "a\n\n---\n\n* * *\nb",
    "newline": "a\nb",
    "hard break by blanks": "a  \nb",
    "hard break by backslash": "a\\\nb",
    "code spans": "`a` ``b ` c`` `*d*` \\`e`",
    "escapes": "\\*a\\* \\_b\\_ \\# \\[x\\](y) \\a",
    "links": "[a](/b) [c](/d 'e') [f](<g h>) [i](j(k)l)",
    "references": '[a][b] [b][] [B] [none]\n\n[b]: /x "t"',
    "image in a link": "[![a](/media/b.png)](/c)",
    "angle link": "<https://example.com>",
    "entities": "&copy; &amp; &lt;b&gt; &#65; &none; &",
    "HTML is text": "<b>a</b> <script>x</script>",
    "tabs": "-\ta\n\n\tb",
}


class Outline(HTMLParser):
    """Tags and text; what we add on purpose (spans in code, heading ranks) is left out."""

    def __init__(self, heading_shift: int) -> None:
        super().__init__()
        self.heading_shift = heading_shift
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag != "span":
            address = values.get("href") or values.get("src") or ""
            self.parts.append(f"<{self.name(tag)} {address} {values.get('title') or ''}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"span", "br", "hr", "img"}:
            self.parts.append(f"</{self.name(tag)}>")

    def handle_data(self, data: str) -> None:
        if self.parts and not self.parts[-1].startswith("<"):
            self.parts[-1] += data
        else:
            self.parts.append(data)

    def name(self, tag: str) -> str:
        if tag == "s":
            return "del"
        is_heading = tag[0] == "h" and tag[1:].isdigit()
        return f"h{min(6, int(tag[1:]) + self.heading_shift)}" if is_heading else tag


def outline(html: str, heading_shift: int = 0) -> list[str]:
    reader = Outline(heading_shift)
    reader.feed(html)
    parts = (part if "<" in part else part.strip("\n") for part in reader.parts)
    return [part for part in parts if part]


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_reads_as_on_github(name: str) -> None:
    """FO-19"""
    theirs = GITHUB.render(TEXTS[name]).replace("<g%20h>", "<g h>").replace("g%20h", "g h")

    assert outline(render(TEXTS[name])) == outline(theirs, heading_shift=2)
