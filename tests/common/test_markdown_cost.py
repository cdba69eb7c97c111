"""No text may keep the server busy: each hostile one at four sizes, and just below the guard."""

from __future__ import annotations

import time

import pytest

from common.markdown import MAX_LENGTH, MAX_LENGTH_STAFF, render
from common.markdown.blocks import MAX_DEPTH
from common.markdown.code import LANGUAGES, MAX_COLOURED, code_block

# Measured worst: 0.4 s. The bound leaves room for a slow and busy machine.
SECONDS = 2
SIZES = (1_000, 4_000, 16_000, MAX_LENGTH)

REPEATED = [
    *("[", "]", "![", "[[a]]", "[a][b", "[](", "[a](", "[a](<b", '[a](b "', "[a]", "[a](b)"),
    *("<", "<a ", "<a@b.c>", "<http://a.b>", "<![CDATA[", "<!--", "<?", "<div>", "</a>"),
    *(
        "`",
        "`a`",
        "`a`` ",
        "*",
        "*a ",
        "*a* ",
        "**a*b_c__d~~",
        "*a_",
        "_a* ",
        "***a",
        "~~a",
        "~~a~~ ",
    ),
    *(
        "\\",
        "\\*",
        "\\\n",
        "&",
        "&amp;",
        "a & b < c ",
        '"',
        "http://",
        "http://a.b ",
        "http://a.b/(",
    ),
    *(
        "https://a.b/c?d=e&f=g\n",
        "mailto:a@b.c ",
        "x\n===\n",
        "# h\n",
        "#",
        "[x]: a\n",
        "[^1]: a\n",
    ),
    *(
        "1. ",
        "1. a\n",
        "- ",
        "- a\n",
        "- a\n\n",
        "- [ ] a\n",
        "* a\n * b\n  * c\n",
        ">",
        "> ",
        "> a\n",
    ),
    *("```\n", "```python\n", "~~~\n", "- ```\n", "> ```\n", "````a\n", "    x\n", "\t", "\t- a\n"),
    *(
        "|",
        "|a",
        "| a | b |\n",
        "a|b\n-|-\n",
        "|a\n|-\n",
        "a  \n",
        "\n",
        " ",
        "---\n",
        "- - -",
        "x",
    ),
]

CRAFTED = {
    "brackets in many paragraphs": ("[" * 499 + "\n\n") * 60,
    "links up to the guard": "[a](b)" * 499 + "x" * 26_000,
    "targets without end": ("[a](" + "(a)" * 200) * 48,
    "backticks of every width": " ".join("`" * width for width in range(1, 70)) + "a" * 27_000,
    "emphasis up to the guard": "*a_b~~c " * 999,
    "emphasis that closes late": "*a" * 999 + "b*" * 999,
    "fences of every width": "\n".join("`" * width + "a" for width in range(240, 2, -1)),
    "fences without end in items": "- a\n  ```b\n" * 2_500,
    "lists in lists": "\n".join("  " * depth + "- a" for depth in range(240)),
    "lists in one line": "- " * 15_000,
    "quotes in quotes": "\n".join("> " * depth + "a" for depth in range(170)),
    "deep quotes, many times": ("> " * MAX_DEPTH + "a\n") * 1_100,
    "quotes and lists in turn": "".join("> - " * depth + "a\n" for depth in range(1, 40)) * 10,
    "lazy lines": "> a\n" + "b\n" * 14_000,
    "wide header, many rows": "|".join("a" * 100)
    + "\n"
    + "|".join("-" * 100)
    + "\n"
    + "x\n" * 14_000,
    "definitions": "\n".join(f"[{number}]: a" for number in range(2_700)),
    "references": "[a]: b\n\n" + ("[a] " * 100 + "\n\n") * 24,
    "parentheses after an address": "http://a" + ")" * 29_000,
    "signs in code": "```\n" + "&<\"'" * 7_400,
    "coloured code": "```ts\n" + "a." * 14_000,
}


def seconds(source: str, *, staff: bool = False) -> float:
    start = time.process_time()
    html = render(source, staff=staff)
    spent = time.process_time() - start
    # Nothing small to write may be huge to show, either.
    assert len(html) < 12 * len(source) + 10_000
    return spent


@pytest.mark.parametrize("pattern", REPEATED, ids=repr)
def test_a_repeated_pattern_is_cheap_at_every_size(pattern: str) -> None:
    for size in SIZES:
        source = (pattern * (size // len(pattern) + 1))[:size]
        assert seconds(source) < SECONDS, size


@pytest.mark.parametrize("name", CRAFTED)
def test_a_crafted_text_is_cheap(name: str) -> None:
    assert seconds(CRAFTED[name][:MAX_LENGTH]) < SECONDS


@pytest.mark.parametrize("pattern", ["- a\n", "&", "https://a.b/c?d=e&f=g\n", "1. "])
def test_a_longer_article_of_staff_is_cheap(pattern: str) -> None:
    source = (pattern * MAX_LENGTH_STAFF)[:MAX_LENGTH_STAFF]

    assert seconds(source, staff=True) < SECONDS


@pytest.mark.parametrize(
    "pattern", ["[", "![", "<", "`", "\\", "*", "_", "&", "- a\n\n", "a|b\n-|-\n", "*a* "]
)
def test_the_guard_shows_a_bomb_as_typed(pattern: str) -> None:
    html = render("x" + pattern * (20_000 // len(pattern)))

    assert html.startswith('<p class="plain-note">')
    assert '<pre class="plain">' in html


@pytest.mark.parametrize("pattern", ["[a](/b) ", "`a` ", "*a* ", "a & b ", "- a\n", "# h\n"])
def test_the_guard_lets_a_long_but_ordinary_text_pass(pattern: str) -> None:
    assert "plain-note" not in render(("word " * 50 + "\n\n" + pattern * 10 + "\n\n") * 80)


def test_containers_nest_no_deeper_than_the_limit() -> None:
    assert render("> " * 100 + "a").count("<blockquote>") == MAX_DEPTH
    assert render("- " * 99 + "a").count("<ul>") == MAX_DEPTH
    assert "a" in render("1. " * 5_000 + "a")


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_colouring_a_language_is_cheap(language: str) -> None:
    for pattern in (
        "a\n",
        "\n",
        "  \n",
        "a.",
        "a ",
        '"',
        '\\"',
        "'",
        "(",
        "{",
        "<",
        "/*",
        "$ a\n",
        "1.",
    ):
        source = (pattern * MAX_COLOURED)[:MAX_COLOURED]
        start = time.process_time()
        code_block(source, language)
        assert time.process_time() - start < SECONDS, pattern


def test_long_code_is_shown_without_colours() -> None:
    short, long = "a = 1\n", "a = 1\n" * MAX_COLOURED

    assert "<span" in render(f"```python\n{short}```")
    assert "<span" not in render(f"```python\n{long}"[:MAX_LENGTH])
    # The allowance is the text's, not the block's.
    assert (
        render(f"```python\n{short * 400}```\n\n```python\n{short * 400}```").count("language-")
        == 1
    )
