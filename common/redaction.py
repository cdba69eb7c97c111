"""Finds what must not leave a private text, and shows each change beside the original.

Rules, not promises: a person reads the result before it goes out. Every pattern is a
single pass with bounded repeats, so a hostile text of full length costs milliseconds.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.redaction_words import NO_NAMES

# Longer names first, so that "Anna Maria Nowak" is one change and not two.
_MIN_NAME = 2
_MIN_DIGITS, _MAX_DIGITS = 8, 15

REPLACEMENTS: dict[str, Promise] = {
    "address": _("[address]"),
    "phone": _("[phone]"),
    "domain": _("[domain]"),
    "link": _("[link]"),
    "ip": _("[IP address]"),
    "token": _("[secret]"),
    "ticket": _("[case number]"),
    "person": _("[person]"),
    "organisation": _("[organisation]"),
}


@dataclass(frozen=True)
class Names:
    """What only the caller knows: the people, organisation and domains of the case."""

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    kind: str
    before: str
    after: str


@dataclass(frozen=True)
class Segment:
    """A piece of text as written and as it goes out; `kind` is empty where nothing changed."""

    before: str
    after: str
    kind: str = ""


@dataclass(frozen=True)
class Redaction:
    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        return "".join(segment.after for segment in self.segments)

    @property
    def changes(self) -> list[Change]:
        return [Change(s.kind, s.before, s.after) for s in self.segments if s.kind]

    @property
    def is_clean(self) -> bool:
        return not any(segment.kind for segment in self.segments)


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    kind: str


# Endings that make a dotted word a host. File endings that are also top-level domains
# (.py, .sh, .pl stays: Poland) are left out where files are the likelier reading.
_FILE = re.compile(
    r"(?:py|sh|md|zip|mov|rs|app|[jt]s|css|html?|php|json|ya?ml|xml|txt|log|conf|cfg|ini|csv|pdf"
    r"|docx?|xlsx?|pptx?|png|jpe?g|gif|svg|webp|exe|dll|msi|bat|ps1|so|tar|t?gz|har|pst|eml|msg"
    r"|ics|vcf|db|sql|bak|tmp|pem|crt|cer|key|pfx|java|rb|go)$"
)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = rf"(?:{_LABEL}\.){{1,10}}(?:[^\W\d_]{{2,24}}|xn--[a-z0-9-]{{2,59}})"

_ADDRESS = re.compile(
    rf"(?<![\w.+%-])(?:mailto:)?[\w.+%'!#$&*/=?^`{{|}}~-]{{1,64}}"
    rf"(?:@|\s?[\[(](?:at|@|małpa)[\])]\s?)(?:{_HOST}|\[[0-9a-fA-F.:]{{3,45}}\]|[\w-]{{1,63}})",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\b(?:https?|ftps?|sftp|ssh|wss?|ldaps?|smb|rdp|file)://[^\s<>\"'`)\]]{1,2000}", re.I
)
_UNC = re.compile(r"\\\\[\w.-]{1,63}\\[^\s<>\"'`]{1,200}")
_DOMAIN = re.compile(rf"(?<![\w@.-])(?:\*\.)?{_HOST}(?![\w-])", re.IGNORECASE)
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\w.]*\d)")
_IPV6 = re.compile(
    r"(?<![\w:.])[0-9a-fA-F:]{2,39}(?::\d{1,3}(?:\.\d{1,3}){3})?(?:%\w{1,15})?(?:/\d{1,3})?(?![\w:]|\.\d)"
)
_MAC = re.compile(r"(?<![\w:-])(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}(?![\w:-])")
_PHONE = re.compile(
    r"(?<![\w.:/+-])(?:\+|00)?\(?\d(?:[ \u00a0\u202f.()/-]{0,2}\d){6,16}(?![\w/-]*\w)"
)
_TICKET = re.compile(
    r"(?<![\w/])(?:(?:case|ticket|zgłoszeni\w{1,4}|sprawa|fall|incident)\s{0,2}(?:no\.?|nr\.?|#)?"
    r"\s{0,2}#?\d{3,12}|#\d{4,12})(?![\w-])",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?<![\w/-])(?!(?:SHA|UTF|ISO|AES|RSA|TLS|SSL|KB|RFC|CVE|CWE|HTTP|WPA|MD|RC|USB|IEC|EN)-)"
    r"[A-Z]{2,8}(?:-\d{2,10}){1,2}(?![\w-])"
)
_JWT = re.compile(r"(?<![\w.-])eyJ[\w-]{5,4000}\.[\w-]{2,4000}(?:\.[\w-]{0,4000})?")
_UUID = re.compile(
    r"(?<![\w-])\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?(?![\w-])", re.IGNORECASE
)
_PEM = re.compile(r"-----BEGIN [A-Z ]{3,40}-----[^-]{0,8000}-----END [A-Z ]{3,40}-----")
_PREFIXED = re.compile(
    r"(?<!\w)(?:(?:sk|pk|rk|SG|npm|pypi|glpat|ya29|github_pat|gh[opsu]|xox[abeoprs])[-_.]"
    r"|AKIA|ASIA|AIza)[\w.-]{12,400}"
)
_ASSIGNED = re.compile(
    r"(?<!\w)(?:pass(?:word|wd|phrase)?|hasło|haslo|passwort|kennwort|contraseña|mot de passe|secret|token|"
    r"api[ _-]?key|client[ _-]?secret|access[ _-]?key|authorization|set-cookie|cookie)"
    r"\s{0,3}(?P<sign>[:=]|(?:is|to|jest|ist|es|est)\s)\s{0,3}(?:bearer\s|basic\s)?(?P<value>[^\s,;]{4,400})",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?<!\w)(?:bearer|basic)\s(?P<value>[\w+/=.~-]{8,4000})", re.IGNORECASE)
_LONG = re.compile(r"(?<![\w+/=-])[\w+/=-]{20,4000}(?![\w+/=-])")
_HEX = re.compile(r"(?<!\w)(?:0x)?[0-9a-fA-F]{16,4000}(?!\w)")


def redact(text: str, *, names: Names | None = None) -> Redaction:
    """TEXT with everything found replaced, in segments for a two-column comparison."""
    found: list[_Found] = []
    taken = bytearray(len(text))
    # The order decides who wins where two rules meet: the longer, surer ones come first.
    for finder in (*_FINDERS, _named(names or Names()), _signed):
        for item in finder(text):
            if item.start < item.end and not any(taken[item.start : item.end]):
                taken[item.start : item.end] = b"\1" * (item.end - item.start)
                found.append(item)
    return Redaction(tuple(_segments(text, sorted(found, key=lambda item: item.start))))


def _segments(text: str, found: list[_Found]) -> Iterator[Segment]:
    place = 0
    for item in found:
        if item.start > place:
            same = text[place : item.start]
            yield Segment(same, same)
        yield Segment(text[item.start : item.end], str(REPLACEMENTS[item.kind]), item.kind)
        place = item.end
    if place < len(text):
        yield Segment(text[place:], text[place:])


def _all(
    pattern: re.Pattern[str], kind: str, group: str | int = 0
) -> Callable[[str], Iterator[_Found]]:
    def find(text: str) -> Iterator[_Found]:
        for match in pattern.finditer(text):
            yield _Found(match.start(group), match.end(group), kind)

    return find


def _links(text: str) -> Iterator[_Found]:
    for match in _LINK.finditer(text):
        # The full stop after a link belongs to the sentence.
        yield _Found(match.start(), match.start() + len(match[0].rstrip(".,;:!?…")), "link")


def _assigned(text: str) -> Iterator[_Found]:
    for match in _ASSIGNED.finditer(text):
        # "The password is wrong" says nothing; "the password is Tulip7" does.
        if match["sign"] in ":=" or not match["value"].rstrip(".!?").isalpha():
            yield _Found(match.start("value"), match.end("value"), "token")


def _domains(text: str) -> Iterator[_Found]:
    for match in _DOMAIN.finditer(text):
        ending = match[0].rsplit(".", 1)[-1].lower()
        # "e.g", "config.yaml" and "end.Next sentence" are not hosts.
        if _FILE.match(ending) or match[0].lower() in {"e.g", "i.e", "m.in", "z.b"}:
            continue
        if match[0].rsplit(".", 1)[-1].istitle() and not match[0].istitle():
            continue
        yield _Found(match.start(), match.end(), "domain")


def _addresses_of_machines(text: str) -> Iterator[_Found]:
    for pattern in (_IPV6, _IPV4):
        for match in pattern.finditer(text):
            bare = match[0].split("/")[0].split("%")[0]
            try:
                ipaddress.ip_address(bare)
            except ValueError:
                continue
            if any(letter.isalnum() for letter in bare):
                yield _Found(match.start(), match.end(), "ip")


def _phones(text: str) -> Iterator[_Found]:
    for match in _PHONE.finditer(text):
        digits = sum(letter.isdigit() for letter in match[0])
        if not _MIN_DIGITS - 1 <= digits <= _MAX_DIGITS or _DATE.match(match[0]):
            continue
        if digits < _MIN_DIGITS and not match[0].startswith(("+", "00")):
            continue
        yield _Found(match.start(), match.end(), "phone")


# 2026-11-18, 18.11.2026, 2026-11-18 10 and 20261118 are days, not numbers to call.
_DATE = re.compile(
    r"(?:(?:19|20)\d\d[-./ ]?(?:0[1-9]|1[0-2])[-./ ]?(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:19|20)\d\d)(?:[ .-]\d{1,2}){0,3}$"
)


def _long_words(text: str) -> Iterator[_Found]:
    for match in _HEX.finditer(text):
        yield _Found(match.start(), match.end(), "token")
    for match in _LONG.finditer(text):
        word = match[0]
        kinds = (
            any(c.isdigit() for c in word),
            any(c.islower() for c in word),
            any(c.isupper() for c in word),
        )
        # A path, a constant and a long compound word lack either figures or mixed case.
        if kinds[0] and (all(kinds) or word.count("/") + word.count("-") + word.count("_") <= 1):
            yield _Found(match.start(), match.end(), "token")


def _named(names: Names) -> Callable[[str], Iterator[_Found]]:
    def find(text: str) -> Iterator[_Found]:
        folded = _folded(text)
        for kind, given, inflected in (
            ("domain", names.domains, False),
            ("organisation", names.organisations, True),
            ("person", _with_parts(names.people), True),
        ):
            for name in sorted({n.strip() for n in given}, key=len, reverse=True):
                # Of hundreds of colleagues a text names few, and a pattern costs much more.
                if len(name) >= _MIN_NAME and _folded(_sure(name)) in folded:
                    for match in _pattern(name, inflected=inflected).finditer(text):
                        yield _Found(match.start(), match.end(), kind)

    return find


def _signed(text: str) -> Iterator[_Found]:
    """Names that stand beside their own address: Anna <anna.kowalska@firma.example>.

    Only written as names are; an address has words in it that are no names.
    """
    forms = _forms(_words_of_addresses(text))
    run: list[re.Match[str]] = []
    for match in _CAPITALISED.finditer(text) if forms else ():
        if not _is_form(_folded(match[0]), forms):
            continue
        if run and not _BETWEEN.fullmatch(text, run[-1].end(), match.start()):
            yield from _whole_and_parts(run)
            run = []
        run.append(match)
    yield from _whole_and_parts(run)


def _whole_and_parts(run: list[re.Match[str]]) -> Iterator[_Found]:
    """First and last name are one change, unless another rule has one of them already."""
    if len(run) > 1:
        yield _Found(run[0].start(), run[-1].end(), "person")
    for match in run:
        yield _Found(match.start(), match.end(), "person")


def _words_of_addresses(text: str) -> set[str]:
    found: set[str] = set()
    for match in _ADDRESS.finditer(text):
        local = _AT.split(match[0].removeprefix("mailto:"))[0].split("+")[0]
        found.update(word for word in _LETTERS.findall(_folded(local)) if len(word) > _MIN_NAME)
    return found - NO_NAMES


def _forms(names: set[str]) -> dict[str, set[str]]:
    """What stays in every form of the names, with the ending each has when it is not declined."""
    forms: dict[str, set[str]] = {}
    for name in names:
        stem = _stem(name)
        forms.setdefault(stem, set()).add(name[len(stem) :])
    return forms


def _is_form(word: str, forms: dict[str, set[str]]) -> bool:
    """Looked up, not searched for: a text may hold a thousand addresses."""
    word = _POSSESSIVE.sub("", word)
    for place in range(len(word), max(_MIN_NAME, len(word) - _LONGEST_ENDING - 1), -1):
        own, ending = forms.get(word[:place]), word[place:]
        if own is not None and (ending in own or ending in _ALL_ENDINGS):
            return True
    return False


def _sure(name: str) -> str:
    """What stands in every form of the name: its first word, perhaps without the last letter."""
    first = name.split()[0]
    return first[:-1] if len(first) > _MIN_NAME else first


def _folded(text: str) -> str:
    """Spelled so that whatever a pattern takes for the same letter is the same."""
    return text.casefold().replace("\u0307", "").replace("ı", "i")


def _with_parts(people: tuple[str, ...]) -> list[str]:
    """First and last names also stand alone in a letter."""
    parts = [part for name in people for part in name.split() if len(part) > _MIN_NAME]
    return [*people, *parts]


def _pattern(name: str, *, inflected: bool) -> re.Pattern[str]:
    words = [_word(word, inflected=inflected) for word in name.split()]
    return re.compile(r"(?<!\w)" + r"[\s\u00a0-]{1,3}".join(words) + r"(?!\w)", re.IGNORECASE)


def _word(word: str, *, inflected: bool) -> str:
    """Names are declined in Polish, German and Czech: Kowalska, Kowalskiej; Anna, Annie."""
    if not inflected or len(word) <= _MIN_NAME or not word.isalpha():
        return re.escape(word)
    stem = _stem(word)
    ending = re.escape(word[len(stem) :])
    return rf"{re.escape(stem)}(?:{ending}|{_ENDINGS})?(?:['’]s?)?"


def _stem(word: str) -> str:
    return word[:-1] if word[-1].lower() in _VOWELS and len(word) > _MIN_NAME + 1 else word


_VOWELS = "aeioyąęó"
# Not "any letters": "Jan" must not take "January" along.
_ENDINGS = (
    "iego|iemu|iej|iem|ie|im|ego|emu|ej|owie|owi|owej|ową|ów|ami|ach|ą|ę|a|e|i|y|u|o|em|om|ym"
    "|ze|cie|dze|zie|in|en|es|n|s"
)
_ALL_ENDINGS = frozenset(_ENDINGS.split("|")) | {""}
_LONGEST_ENDING = max(map(len, _ALL_ENDINGS))
_AT = re.compile(r"@|\s?[\[(](?:at|małpa)[\])]", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CAPITALISED = re.compile(r"(?<!\w)(?=[^\W\d_a-z])[^\W\d_]+(?:['’][^\W\d_]+){0,3}(?!\w)")
_BETWEEN = re.compile(r"[\s\u00a0-]{1,3}")
_POSSESSIVE = re.compile(r"['’]s?$")

_FINDERS: tuple[Callable[[str], Iterator[_Found]], ...] = (
    _all(_PEM, "token"),
    _all(_JWT, "token"),
    _links,
    _all(_UNC, "link"),
    _all(_ADDRESS, "address"),
    _all(_BEARER, "token", "value"),
    _assigned,
    _all(_PREFIXED, "token"),
    _all(_UUID, "token"),
    _all(_MAC, "token"),
    _addresses_of_machines,
    _long_words,
    _all(_TICKET, "ticket"),
    _all(_NUMBERED, "ticket"),
    _phones,
    _domains,
)
