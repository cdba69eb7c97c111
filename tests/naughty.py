"""Texts that have broken other people's software; about a hundred, each for a reason."""

from __future__ import annotations

CONTROLS = [
    "\x00", "a\x00b", "\x01\x02\x1b[31mred", "\x7f", "\x80\x9f", "tab\tfeed\x0cvt\x0b", "\r\r\n\n",
    "Subject: x\r\nBcc: y@z.example", "\ufeffmark", "\ufffe\uffff", "\u2028\u2029", "\u00ad" * 20,
]  # fmt: skip
DIRECTION = [
    "\u202egnp.exe", "\u2066isolated", "\u202a\u202b\u202c\u202d", "שלום \u200f עולם", "مرحبا",
    "a\u200bb\u200cc\u200dd\u2060e", "\u2800", "\u3164", "\u115f\u1160",
]  # fmt: skip
LETTERS = [
    "Ω≈ç√∫", "田中さんにあげて下さい", "ﬀ ﬁ", "ǅ ǆ", "İstanbul ı", "ß ẞ", "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G", "é é",
    "👩🏽‍🚀👨‍👩‍👧‍👦", "🏳️‍🌈" * 30, "𝒳𝕐𝓏", "\U0010ffff", "ﷺ" * 40, "¯\\_(ツ)_/¯", "①②③ ½ ²",
]  # fmt: skip
MARKUP = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg/onload=alert(1)>",
    "<!-- -->", "<![CDATA[x]]>", "</textarea><script>1</script>", "&lt;b&gt; &amp; &#0; &#x110000;",
    "javascript:alert(1)", "[a](javascript:alert(1))", "![x](data:text/html;base64,PHN2Zz4=)",
    "<a href='//evil.example'>x</a>", "<style>*{display:none}</style>", "<base href=//evil>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<iframe srcdoc=x>",
    "<form action=//evil><button>x", "\"' onmouseover=alert(1) x='", "`${alert(1)}`",
]  # fmt: skip
MARKDOWN = [
    "[" * 500, "*" * 3000, "`" * 999, "> " * 900, "- " * 900, "#" * 900, "|" * 500 + "\n" + "-|" * 500,
    "![" * 400, "<" * 900, "_" * 999 + "a", "[a]: <" + "b" * 900, "    " * 500 + "x", "1. " * 500,
    "\\" * 999, "~~~" * 300, "$" * 900, ("a" * 60 + "\n") * 150,
]  # fmt: skip
CODE = [
    "{{ 7*7 }}", "{% include 'x' %}", "{% endblock %}{{ settings.SECRET_KEY }}", "${7*7}", "#{7*7}",
    "%s%n%x%(name)s%%", "{0}{name}{}", "' OR 1=1 --", "'; DROP TABLE forum_question; --",
    "1 UNION SELECT NULL", "\" OR \"\"=\"", "../../../../etc/passwd", "..\\..\\x", "file:///etc/passwd",
    "|| ls", "$(id)", "`id`", "() { :; }; id", "=cmd|' /C calc'!A0", "@SUM(1+1)", "${jndi:ldap://x}",
    "<?xml version='1.0'?><!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>", "*)(uid=*", "__proto__",
]  # fmt: skip
NUMBERS = [
    "0", "-1", "-0", "1e309", "NaN", "Infinity", "0x10", "1_000", "9" * 30, "9" * 400, "2147483648",
    "9223372036854775808", "1.5", "٣", "²", "１２", "+1", " 1 ", "1,000",
]  # fmt: skip
WORDS = [
    "", " ", "\n", "null", "undefined", "None", "true", "[]", "{}", "a" * 200, "a" * 10_000,
    "word " * 2000, "é" * 5000, "\"unclosed", "AND OR NOT", "title:", "tag:\"", "-", "--", "\"\"",
    "(" * 200, "~ ^ * ?", "in:case is:solved", "a-b-c_d.e", "x@y@z", "nobody@" + "a" * 300 + ".example",
]  # fmt: skip

NAUGHTY = [*CONTROLS, *DIRECTION, *LETTERS, *MARKUP, *MARKDOWN, *CODE, *NUMBERS, *WORDS]

# Bytes that no browser sends, as they stand in an address.
RAW = [
    "%ff%fe", "%00", "%c0%af", "%ed%a0%80", "%f4%90%80%80", "%", "%zz", "%2e%2e%2f", "a%0d%0ab",
    "%e2%80%ae", "%EF%BB%BF", "+" * 400, "%25%32%35", "&&&=&", ";", "[]=1", "%u0041",
]  # fmt: skip
