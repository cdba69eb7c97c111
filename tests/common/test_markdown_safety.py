"""Whatever is written, only harmless HTML comes out: asserted on what a browser would parse."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import bleach
import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from bleach._vendor import html5lib

from common.markdown import MAX_LENGTH, render
from common.markdown.urls import own_image, safe_url

# Written out here once more on purpose: a change of the allow-list has to be made twice.
ALLOWED: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ["h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "br", "del"], frozenset[str]()
    ),
    **dict.fromkeys(["em", "strong", "ul", "table", "thead", "tbody", "tr"], frozenset[str]()),
    **dict.fromkeys(["p", "pre", "code", "span", "li"], frozenset({"class"})),
    **dict.fromkeys(["td", "th"], frozenset({"align"})),
    "ol": frozenset({"start"}),
    "a": frozenset({"href", "title", "rel"}),
    "img": frozenset({"src", "alt", "title", "loading"}),
}
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef]")

VECTORS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<<script>alert(1)//<</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '<img src="x" onerror="alert(1)"',
    "<img/src/onerror=alert(1)>",
    "<img src=`x`onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert&#40;1)</script>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href=javascript:alert(1)>x</math>",
    "<iframe src=javascript:alert(1)></iframe>",
    '<iframe srcdoc="<script>alert(1)</script>">',
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=javascript:alert(1)>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import'//evil.example'</style>",
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<p class="btn" id="save" name="save">x</p>',
    "<a href=javascript:alert(1)>x</a>",
    "<a href='//evil.example' target=_top ping=/x>x</a>",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[><img src=x onerror=alert(1)>]]>",
    "<?xml <img src=x onerror=alert(1)> ?>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "</p></div></main><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](\x01javascript:alert(1))",
    "[x](java\u202escript:alert(1))",
    "[x](java\ufdd0script:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A&#x61vascript:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](java&#x202e;script:alert(1))",
    "[x](javascript\\:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "[x](/\t/evil.example)",
    "[x](https:javascript:alert(1))",
    "[x](&#47;&#47;evil.example)",
    '[x](/a "onmouseover=alert(1)")',
    "[x](/a 'x\" onmouseover=\"alert(1)')",
    '[x](/a"onmouseover="alert(1))',
    "[x](<javascript:alert(1)>)",
    "<javascript:alert(1)>",
    "<javascript://x%0aalert(1)>",
    "<x@y.z'onmouseover=alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "![x](https://evil.example/pixel.png)",
    "![x](//evil.example/pixel.png)",
    "![x](/media/../accounts/logout/)",
    "![x](/media/%2e%2e/accounts/logout/)",
    '![x" onerror="alert(1)](/media/x.png)',
    '![x](/media/x.png"onerror="alert(1))',
    "![![x](/media/a)](javascript:alert(1))",
    "[![x](javascript:alert(1))](javascript:alert(2))",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x]: <javascript:alert(1)> 'y'\n\n[x][]",
    "[x]: /a 'x\" onmouseover=\"alert(1)'\n\n[x]",
    'https://x.example/"onmouseover="alert(1)',
    "https://x.example/'onmouseover='alert(1)",
    "https://x.example/<script>alert(1)</script>",
    'mailto:a@b.c?body="><script>alert(1)</script>',
    "`<script>alert(1)</script>`",
    '``` " onmouseover=alert(1)\n</code></pre><script>alert(1)</script>\n```',
    "```html\n</code></pre><img src=x onerror=alert(1)>\n```",
    '```language-x" onload="alert(1)\nx\n```',
    "\x02wzxhzdk:0\x03 \x02klzzwxh:0000\x03 \x0260\x03script\x0262\x03",
    "\ufdd00\ufdd1 &#xfdd0;0&#xfdd1;",
    "*<b*onclick=alert(1)>* __<i__ onclick=alert(1)>",
    "\\<script\\>alert(1)\\</script\\>",
    "a | b\n-|-\n<script>alert(1)</script> | [x](javascript:alert(1))",
]

CONTEXTS = {
    "inline": "text {} text",
    "alone": "{}",
    "list": "- item\n  - {}\n- item",
    "task": "- [ ] {}",
    "quote": "> {}\nlazy",
    "heading": "# {}",
    "underlined heading": "{}\n---",
    "table cell": "| a | b |\n|---|---|\n| {} | c |",
    "table head": "| {} | b |\n|---|---|\n| x | c |",
    "fence": "```\n{}\n```",
    "language": "```{}\ncode\n```",
    "code span": "`{}`",
    "emphasis": "**{}** ~~{}~~",
    "link text": "[{}](https://example.com)",
    "link target": "[x]({})",
    "link target in brackets": "[x](<{}>)",
    "link title": '[x](https://example.com "{}")',
    "definition": "[x]\n\n[x]: {} '{}'",
    "image text": "![{}](/media/x.png)",
    "image source": "![x]({})",
    "after an address": "https://example.com/{}",
}


def parse(html: str) -> Element:
    fragment: Element = html5lib.parseFragment(
        html, treebuilder="etree", namespaceHTMLElements=False
    )
    return fragment


def faults(html: str) -> Iterator[str]:
    for element in parse(html).iter():
        tag = str(element.tag)
        if tag == "DOCUMENT_FRAGMENT":
            continue
        if tag not in ALLOWED:
            yield f"tag {tag}"
            continue
        for name, value in element.attrib.items():
            if name not in ALLOWED[tag]:
                yield f"attribute {tag}[{name}]"
            elif not is_harmless(tag, name, value):
                yield f"value {tag}[{name}={value}]"
    if UNSAFE.search(html):
        yield "an unsafe character"


def is_harmless(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return bool(re.fullmatch(r"[a-z][a-z0-9-]{0,20}", value))
    if name == "src":
        return value.startswith(("/media/", "/uploads/")) and ".." not in value
    if name != "href":
        return True
    # As a browser does: blanks and controls around do not count, nor tabs and newlines within.
    url = re.sub(r"[\t\n\r]", "", value).strip("".join(map(chr, range(33))))
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", url)
    if scheme:
        return scheme[1].lower() in {"http", "https", "mailto"}
    return not re.match(r"[/\\]{2}", url)


def reject_all(html: str, source: str) -> None:
    assert not list(faults(html)), (source, html)


@pytest.mark.parametrize("context", CONTEXTS)
def test_no_attack_survives(context: str) -> None:
    """FO-19"""
    for vector in VECTORS:
        source = CONTEXTS[context].replace("{}", vector)
        reject_all(render(source), source)
        reject_all(render(source, staff=True), source)


def test_the_audit_itself_finds_attacks() -> None:
    found = [
        vector
        for vector in VECTORS
        if vector.startswith("<") and not vector.startswith(("<javascript", "<x@"))
        if list(faults(vector))
    ]

    assert len(found) > 30


@pytest.mark.parametrize("vector", VECTORS)
def test_a_text_over_the_limits_is_safe_too(vector: str) -> None:
    html = render(vector + " " + "x" * MAX_LENGTH)

    assert "plain-note" in html
    reject_all(html, vector)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "\x00javascript:alert(1)",
        "java\nscript:alert(1)",
        "java\u2066script:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "ftp://example.com",
        "//example.com",
        "/a//b",
        "\\\\example.com",
        "/\\example.com",
        "https:example.com",
        "https:///example.com",
        "http://",
        "mailto:",
        "x:y",
        "",
        " ",
    ],
)
def test_a_browser_would_be_led_astray_by(url: str) -> None:
    assert safe_url(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "HTTP://example.com/a?b=c//d#e",
        "mailto:a@example.com",
        "/help/a/",
        "/search?q=https://example.com",
        "#s1",
        "?page=2",
        "a/b:c",
        "https://例え.jp/パス",
    ],
)
def test_a_link_may_lead_to(url: str) -> None:
    assert safe_url(url) == url


def test_a_picture_has_a_path_of_our_own() -> None:
    assert own_image("/media/images/a%20b-1.width-800.png")
    assert not any(
        map(own_image, ["/media/", "/mediax/a", "/media/..", "/media/a\\b", "/media/a?b"])
    )


_PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from([*VECTORS, *"[]()<>!`*_~#>-+|\\&\"':\n \t"]),
    st.sampled_from(["\n\n", "  \n", "- ", "1. ", "> ", "```", "~~~\n", "    ", "](", "!["]),
    st.sampled_from(["https://a.b/", "|-|-|", "[x]: /y 'z'\n", "- [x] ", "***", "\x02"]),
    st.sampled_from(["&#x202e;", "&#13;", "&amp;lt;", "&nbsp;", "\ufdd00\ufdd1"]),
)


@settings(max_examples=250, deadline=None, database=None)
@given(st.lists(_PIECES, max_size=30).map("".join), st.booleans())
def test_both_sanitisers_find_nothing_left_to_remove(source: str, staff: bool) -> None:
    html = render(source, staff=staff)
    cleaner = nh3.Cleaner(
        tags=set(ALLOWED),
        attributes={tag: set(names - {"rel"}) for tag, names in ALLOWED.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel=None if staff else "nofollow ugc noopener",
    )

    assert cleaner.clean(html) == html
    assert outline(bleach.clean(html, ALLOWED.keys(), ALLOWED, SCHEMES)) == outline(html)
    assert render(source, staff=staff) == html
    reject_all(html, source)


SCHEMES = ["http", "https", "mailto"]


def outline(html: str) -> list[tuple[str, list[tuple[str, str]], str, str]]:
    return [
        (str(element.tag), sorted(element.attrib.items()), element.text or "", element.tail or "")
        for element in parse(html).iter()
    ]


@settings(max_examples=100, deadline=None, database=None)
@given(st.text(st.characters(codec=None), max_size=300))
def test_no_text_at_all_is_an_error(source: str) -> None:
    html = render(source)

    html.encode()
    assert "plain-note" not in html
