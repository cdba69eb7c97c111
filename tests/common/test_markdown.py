"""What people write and what they see."""

from __future__ import annotations

import threading

import pytest
from django.utils.safestring import SafeString

from common import markdown
from common.markdown import excerpt, mark_terms, plain_text, render

REL = 'rel="nofollow ugc noopener"'


def test_a_post_has_quote_code_and_image_without_javascript() -> None:
    """FO-19"""
    html = render("> It says **no**\n\n```python\nprint('x')\n```\n\n![Dialog](/uploads/a/b.png)")

    assert "<blockquote>\n<p>It says <strong>no</strong></p>\n</blockquote>" in html
    assert '<pre><code class="language-python"><span class="nb">print</span>' in html
    assert '<img alt="Dialog" loading="lazy" src="/uploads/a/b.png">' in html


def test_a_preview_is_what_the_post_will_be() -> None:
    """FO-19"""
    source = "Steps:\n- a\n- b\n\nsee https://example.com"

    render("[a]: /b\n\n# other ```\n* text")

    assert render(source) == render(source)
    assert isinstance(render(source), SafeString)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("", ""),
        ("   \n\n ", ""),
        ("~~gone~~ and ~not~", "<p><del>gone</del> and ~not~</p>"),
        ("<b>bold</b> & <i>", "<p>&lt;b&gt;bold&lt;/b&gt; &amp; &lt;i&gt;</p>"),
        ("one\ntwo", "<p>one\ntwo</p>"),
        ("one\u2028two\x00", "<p>one\ntwo</p>"),
        ("a\\\nb", "<p>a<br>\nb</p>"),
        ("#42 is no heading", "<p>#42 is no heading</p>"),
        ("It was\n1984. A year", "<p>It was\n1984. A year</p>"),
        ("`a\\b` and `` ` ``", "<p><code>a\\b</code> and <code>`</code></p>"),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>'),
        (
            "- [ ] open\n- [x] done",
            (
                '<ul>\n<li class="task-list-item">☐ open</li>\n'
                '<li class="task-list-item">☑ done</li>\n</ul>'
            ),
        ),
        ("```\n<&>\n```", "<pre><code>&lt;&amp;&gt;\n</code></pre>"),
        ("```nosuch\nx\n```", "<pre><code>x\n</code></pre>"),
        ("```\nnever closed", "<pre><code>never closed\n</code></pre>"),
        ("    a\n\n    b", "<pre><code>a\n\nb\n</code></pre>"),
    ],
)
def test_markdown_becomes(source: str, html: str) -> None:
    assert render(source) == html


@pytest.mark.parametrize(
    ("source", "text_tag", "staff_tag"),
    [("# A", "h3", "h2"), ("## A", "h4", "h2"), ("### A", "h5", "h3"), ("###### A", "h6", "h6")],
)
def test_headings_leave_room_for_those_of_the_page(
    source: str, text_tag: str, staff_tag: str
) -> None:
    assert render(source) == f"<{text_tag}>A</{text_tag}>"
    assert render(source, staff=True) == f"<{staff_tag}>A</{staff_tag}>"


@pytest.mark.parametrize(
    ("source", "href", "rest"),
    [
        ("https://example.com/a_b_c", "https://example.com/a_b_c", ""),
        ("see https://example.com.", "https://example.com", "."),
        ("(https://example.com/x)", "https://example.com/x", ")"),
        ("https://en.example.org/wiki/A_(b)", "https://en.example.org/wiki/A_(b)", ""),
        ("**https://example.com**", "https://example.com", ""),
        ("mailto:help@example.com", "mailto:help@example.com", ""),
        ("<https://example.com/?a=1&b=2>", "https://example.com/?a=1&amp;b=2", ""),
        ("<help@example.com>", "mailto:help@example.com", ""),
        ("[a](/help/x#s1)", "/help/x#s1", ""),
        ("[a](https://example.com/a_(b) 'T')", "https://example.com/a_(b)", ""),
        ("[a](<https://example.com/a b>)", "https://example.com/a b", ""),
        ("[a][]\n\n[A]: https://example.com", "https://example.com", ""),
    ],
)
def test_an_address_becomes_a_link(source: str, href: str, rest: str) -> None:
    html = render(source)

    assert html.count("<a ") == 1
    assert f'href="{href}"' in html
    assert REL in html
    assert f"</a>{rest}" in html


@pytest.mark.parametrize("source", ["xhttps://a.b", "http://", "ftp://a.b/c", "`https://a.b`"])
def test_other_words_do_not_become_links(source: str) -> None:
    assert "<a" not in render(source)


def test_staff_links_are_endorsed() -> None:
    assert "rel=" not in render("https://example.com", staff=True)


def test_pictures_of_other_sites_become_links() -> None:
    assert render("![Map](https://example.com/m.png)") == (
        f'<p><a href="https://example.com/m.png" {REL}>Map</a></p>'
    )


@pytest.mark.parametrize(
    "source",
    ["/media/../logout", "/media/%2e%2e/x", "/media//x", "/static/x.png", "media/x.png", "//m/x"],
)
def test_only_our_own_uploads_are_shown_as_pictures(source: str) -> None:
    assert "<img" not in render(f"![x]({source})")


def test_a_link_that_may_not_be_one_stays_as_text() -> None:
    assert render("[click](javascript:alert(1))") == "<p><span>click</span></p>"


def test_direction_overrides_do_not_reach_the_page() -> None:
    html = render("a\u202eb &#x202e; &#8238; [\u2066x](/a\u202eb 'c&#x202d;')")

    assert not set(html) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.parametrize("staff", [False, True])
def test_a_text_over_the_limit_is_shown_as_typed(staff: bool) -> None:
    limit = markdown.MAX_LENGTH_STAFF if staff else markdown.MAX_LENGTH
    words = "*a* <b> " * (limit // 8 + 1)

    html = render(words, staff=staff)

    assert '<p class="plain-note">' in html
    assert '<pre class="plain">*a* &lt;b&gt; ' in html
    assert plain_text(html).split() == words.split()


def test_code_is_not_counted_by_the_guard() -> None:
    code = "[x] " * 5_000

    assert "plain-note" not in render(f"```\n{code}\n```")
    assert "plain-note" in render(code)


def test_threads_do_not_disturb_one_another() -> None:
    sources = [f"[a]\n\n- x{n}\n\n[a]: /p{n}" for n in range(8)]
    expected = [render(source) for source in sources]
    found: list[list[str]] = []

    def work() -> None:
        found.append([render(source) for source in sources for _ in range(5)][::5])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [expected] * 4


def test_a_fault_in_a_parser_shows_the_text_as_typed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object, **kwargs: object) -> str:
        raise RecursionError

    monkeypatch.setattr(markdown, "first_gate", fail)

    assert '<pre class="plain">a *b*</pre>' in render("a *b*")
    assert "could not be rendered" in caplog.text


def test_plain_text_has_a_line_for_each_block() -> None:
    html = render(
        "# Title\n\nOne *two*\nthree & more\n\n- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n"
        "![Pic](/media/p.png)\n\n```\ndef f():\n    return 1\n```"
    )

    assert plain_text(html) == (
        "Title\n\nOne two three & more\n\na\nb\n\nx y\n1 2\n\nPic\n\ndef f():\n    return 1"
    )


def test_plain_text_shows_entities_as_characters_and_no_scripts() -> None:
    assert plain_text("<p>a &lt;b&gt; &amp; c</p><script>x()</script><p>d</p>") == "a <b> & c\n\nd"


@pytest.mark.parametrize(
    ("html", "length", "text"),
    [
        ("<p>short</p>", 20, "short"),
        ("<p>one two three four</p>", 12, "one two…"),
        ("<p>one, two, three</p>", 9, "one, two…"),
        ("<p>" + "漢" * 30 + "</p>", 10, "漢" * 9 + "…"),
        ("", 10, ""),
    ],
)
def test_an_excerpt_ends_at_a_word(html: str, length: int, text: str) -> None:
    assert excerpt(html, length) == text
    assert len(excerpt(html, length)) <= length


def test_found_words_are_marked_and_all_else_is_escaped() -> None:
    text = 'reset <b> & "pass"'

    assert mark_terms(text, [(0, 5), (6, 9)]) == (
        "<mark>reset</mark> <mark>&lt;b&gt;</mark> &amp; &quot;pass&quot;"
    )
    assert isinstance(mark_terms(text, []), SafeString)


def test_spans_outside_the_text_are_cut() -> None:
    assert mark_terms("abc", [(-2, 1), (0, 2), (2, 99), (5, 7)]) == (
        "<mark>a</mark><mark>b</mark><mark>c</mark>"
    )
