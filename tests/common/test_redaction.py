"""What must not leave a private text is found, and ordinary technical words stay (S-31, N-2)."""

from __future__ import annotations

import time

import pytest
from django.utils import translation

from common.redaction import Names, redact

FOUND = [
    ("address", "mail anna.nowak+it@firma.example.pl now", "anna.nowak+it@firma.example.pl"),
    ("address", "schreib an j.weber[at]firma.de bitte", "j.weber[at]firma.de"),
    ("address", "用户 zhang@例子.公司 抱怨", "zhang@例子.公司"),
    ("address", "root@localhost failed", "root@localhost"),
    ("phone", "dzwoń 601 234 567 rano", "601 234 567"),
    ("phone", "dzwoń +48 601-234-567", "+48 601-234-567"),
    ("phone", "biuro (22) 123 45 67", "(22) 123 45 67"),
    ("phone", "Büro +49 (0)30 901820 ist", "+49 (0)30 901820"),
    ("phone", "Büro +49 (30) 123456-78 ist", "+49 (30) 123456-78"),
    ("phone", "call 0044 20 7946 0958", "0044 20 7946 0958"),
    ("phone", "US +1 (415) 555-2671.", "+1 (415) 555-2671"),
    ("phone", "appelez 06 12 34 56 78", "06 12 34 56 78"),
    ("ip", "from 192.168.4.17 it fails", "192.168.4.17"),
    ("ip", "net 10.20.0.0/16 is ours", "10.20.0.0/16"),
    ("ip", "host 2001:db8::8a2e:370:7334 drops", "2001:db8::8a2e:370:7334"),
    ("ip", "link fe80::1%eth0 only", "fe80::1%eth0"),
    ("ip", "mapped ::ffff:192.0.2.128 here", "::ffff:192.0.2.128"),
    ("link", "see https://intra.acme.example/x?id=7&t=1.", "https://intra.acme.example/x?id=7&t=1"),
    ("link", r"on \\fileserver\hr\pay it stops", r"\\fileserver\hr\pay"),
    ("domain", "on mail.acme-corp.example we saw", "mail.acme-corp.example"),
    ("domain", "w domenie żółw.pl nie działa", "żółw.pl"),
    ("domain", "record _dmarc xn--bcher-kva.example", "xn--bcher-kva.example"),
    (
        "token",
        "key ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    ),
    ("token", "AKIAIOSFODNN7EXAMPLE leaked", "AKIAIOSFODNN7EXAMPLE"),
    ("token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1g", None),
    (
        "token",
        "tenant 3f2504e0-4f89-11d3-9a0c-0305e82c3301 is ours",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    ),
    ("token", "hash d41d8cd98f00b204e9800998ecf8427e same", "d41d8cd98f00b204e9800998ecf8427e"),
    (
        "token",
        "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5 end",
        "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5",
    ),
    ("token", "hasło: Tulipan7!", "Tulipan7!"),
    ("token", "the password is Tulip7x", "Tulip7x"),
    ("token", "Authorization: Bearer abcdefgh12345", "abcdefgh12345"),
    ("token", "device 00:1B:44:11:3A:B7 lost", "00:1B:44:11:3A:B7"),
    ("ticket", "as in PD-2041 before", "PD-2041"),
    ("ticket", "zgłoszenie nr 10482 wisi", "zgłoszenie nr 10482"),
    ("ticket", "see #10482 too", "#10482"),
]


@pytest.mark.parametrize(("kind", "text", "before"), FOUND)
def test_it_finds_what_identifies_somebody(kind: str, text: str, before: str | None) -> None:
    changes = redact(text).changes
    assert [change.kind for change in changes] == [kind]
    assert changes[0].before == (before or text)


@pytest.mark.parametrize(
    "text",
    [
        "Rejected with 550 5.7.26 and again with 0x80070005.",
        "Since 2026-11-18 10:27 and again on 18.11.2026, version 2.14.3.",
        "Use SHA-256, UTF-16 and TLS 1.3; see RFC 7489 and CVE-2026-2297.",
        "Edit config.yaml and run setup.py, e.g. twice.",
        "It stopped working.Nothing else changed.",
        "The password is wrong, the token is missing.",
        "Open Directory → Groups → sales-all, add 400 people in 2 hours.",
        "Donaudampfschifffahrtsgesellschaftskapitän is one long word.",
        "calendar subscribe --group sales-all --calendar team-sales",
        "In January the annual report fails.",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact(text, names=Names(people=("Jan Anna",))).changes == []


def test_names_the_caller_knows_are_found_in_their_cases() -> None:
    names = Names(people=("Anna Kowalska", "Jonas Weber"), organisations=("Fundacja Bursztyn",))
    text = "Annie Kowalskiej i Webera prosi Fundacji Bursztyn, ANNA też; Jonas' Laptop."
    result = redact(text, names=names)
    assert result.text == (
        "[person] i [person] prosi [organisation], [person] też; [person] Laptop."
    )


SIGNED = [
    ("Anna <anna.kowalska@firma.example>", "[person] <[address]>"),
    (
        "Pozdrawiam, Anna\nanna.kowalska@firma.example",
        "Pozdrawiam, [person]\n[address]",
    ),
    ("Regards, Tom (tom.smith@corp.example)", "Regards, [person] ([address])"),
    ("Pan Kowalski i Annie, kowalski.jan84@firma.example", "Pan [person] i Annie, [address]"),
    ("ANNA KOWALSKA, mailto:anna_kowalska@firma.example", "[person], [address]"),
    ("Proszę o telefon do Anny Kowalskiej: anna-kowalska+it@firma.example",
     "Proszę o telefon do [person]: [address]"),
    ("Łukasz, Żaneta: łukasz@firma.example, żaneta[at]firma.example",
     "[person], [person]: [address], [address]"),
    ("Liam O'Brien's desk, liam.o'brien@corp.example", "[person] desk, [address]"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "after"), SIGNED, ids=[text for text, _after in SIGNED])
def test_a_name_beside_its_own_address_is_a_name(text: str, after: str) -> None:
    assert redact(text).text == after


@pytest.mark.parametrize(
    "text",
    [
        "Support, Sales and Info go to support@firma.example and sales-info@firma.example.",
        "Mail to IT: it@firma.example. It fails, and HR (hr@firma.example) waits.",
        "Admin of all: admin@firma.example, root@localhost, No reply: no-reply@firma.example",
        "Biuro Obsługi, Księgowość: biuro@firma.example, ksiegowosc@firma.example",
        # What is no name where it stands is written small.
        "It will mark a long mail of will.long@firma.example and mark@firma.example.",
        # Other words that begin as a name does.
        "In January Tomorrow Annual Markets: jan@a.example tom@a.example anna@a.example",
    ],
)
def test_words_of_an_address_that_are_no_names_stay(text: str) -> None:
    assert {change.kind for change in redact(text).changes} == {"address"}


def test_a_known_name_and_one_of_an_address_hide_nothing_from_each_other() -> None:
    names = Names(people=("Anna Nowak",), organisations=("Anna Bakery",))
    text = "Anna Kowalska of Anna Bakery, anna.kowalska@firma.example"
    assert redact(text, names=names).text == "[person] [person] of [organisation], [address]"


def test_segments_put_together_are_the_text_as_written() -> None:
    text = "Ask anna@acme.example or +48 601 234 567 about case 10442."
    result = redact(text)
    assert "".join(segment.before for segment in result.segments) == text
    assert result.text == "Ask [address] or [phone] about [case number]."
    assert not result.is_clean
    assert redact("Nothing here.").is_clean
    assert redact("").segments == ()


def test_words_come_in_the_active_language() -> None:
    with translation.override("de"):
        assert redact("a@b.example").changes[0].after


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a.",
        "1 ",
        "1-",
        "a@",
        "::",
        "#1",
        "eyJ",
        "a-",
        "(1",
        "Aa1",
        "=",
        "x/",
        "1.",
        "\\\\a\\",
        "A'",
        "Aaa ",
        "É",
    ],
)
def test_hostile_text_takes_no_time(piece: str) -> None:
    text = (piece * 30_000)[:30_000]
    started = time.process_time()
    redact(text, names=Names(people=("Anna Kowalska",)))
    assert time.process_time() - started < 1.5


def test_a_thousand_addresses_and_names_take_no_time() -> None:
    names = [f"Aaa{chr(97 + a)}{chr(97 + b)}" for a in range(26) for b in range(26)]
    text = " ".join(f"{name} {name.lower()}@b.example" for name in names)
    started = time.process_time()
    assert redact(text).text.startswith("[person] [address] [person] [address]")
    assert time.process_time() - started < 1.5
