"""The words of every interface language are complete, fit their places and their numbers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, ngettext

from home.setup import compile_messages

ROOT = Path(settings.BASE_DIR)
TRANSLATED = [code for code in settings.INTERFACE_LANGUAGES if code != "en"]
# What must stand in the translation as it stands in the original.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|</?\w+[^>]*>|&\w+;|\{\w*\}")
# The language's own rule, as CLDR gives it: n%10 and n%100 decide.
POLISH_FORMS = {1: 0, 2: 1, 3: 1, 4: 1, 5: 2, 11: 2, 12: 2, 14: 2, 21: 2, 22: 1, 25: 2, 112: 2}


def catalogue(code: str) -> polib.POFile:
    return polib.pofile(str(ROOT / f"locale/{code}/LC_MESSAGES/django.po"))


def key(entry: polib.POEntry) -> tuple[str, str, str]:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    compile_messages()


@pytest.fixture
def polish() -> Iterator[None]:
    with translation.override("pl"):
        yield


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_interface_language_has_a_catalogue(code: str) -> None:
    header = catalogue(code).metadata
    assert header["Language"] == code
    assert "nplurals=" in header["Plural-Forms"]


@pytest.mark.parametrize("code", TRANSLATED)
def test_nothing_is_untranslated_or_guessed(code: str) -> None:
    entries = catalogue(code)
    assert [entry.msgid for entry in entries if not all(translations(entry))] == []
    assert [entry.msgid for entry in entries if entry.fuzzy] == []
    assert [entry.msgid for entry in entries.obsolete_entries()] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_placeholders_survive(code: str) -> None:
    wrong = []
    for entry in catalogue(code):
        allowed = [sorted(PLACEHOLDER.findall(entry.msgid))]
        if entry.msgid_plural:
            allowed.append(sorted(PLACEHOLDER.findall(entry.msgid_plural)))
        wrong += [
            (entry.msgid, text)
            for text in translations(entry)
            if sorted(PLACEHOLDER.findall(text)) not in allowed
        ]
    assert wrong == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_form_for_many_numbers_names_the_number(code: str) -> None:
    """Only the first form may leave the count out, and only where it is for 1 alone."""
    silent = [
        entry.msgid
        for entry in catalogue(code)
        if entry.msgid_plural
        for text in list(entry.msgstr_plural.values())[1:]
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid_plural))
    ]
    assert silent == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_quotation_marks_are_the_languages_own(code: str) -> None:
    if code == "pl":
        wrong = [e.msgid for e in catalogue(code) for text in translations(e) if "“" in text]
        assert wrong == []


def test_polish_numbers_choose_their_form(polish: None) -> None:
    votes = ("głos", "głosy", "głosów")
    people = ("osoba", "osoby", "osób")
    ago = ("godzinę temu", "godziny temu", "godzin temu")
    for number, form in POLISH_FORMS.items():
        words = ngettext("%(count)s vote", "%(count)s votes", number) % {"count": number}
        assert words == f"{number} {votes[form]}"
        words = ngettext("%(count)s person", "%(count)s people", number) % {"count": number}
        assert words == f"{number} {people[form]}"
        words = ngettext("%(count)d hour ago", "%(count)d hours ago", number) % {"count": number}
        assert words == f"{number} {ago[form]}"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_fraction_has_a_form_of_its_own(polish: None) -> None:
    words = ngettext("%(count)s vote", "%(count)s votes", 1.5)  # type: ignore[arg-type]
    assert words % {"count": "1,5"} == "1,5 głosu"


def test_the_site_speaks_polish(polish: None) -> None:
    assert gettext("I have this too") == "Też tak mam"
    assert gettext("Waits for you") == "Czeka na Ciebie"


def _extracted(code: str, into: Path) -> set[tuple[str, str, str]]:
    """What gettext finds in the sources, with the code in a copy that the test may write to."""
    for folder in ("templates", *(path.parent.name for path in ROOT.glob("*/__init__.py"))):
        if folder not in {"tests", "var"}:
            shutil.copytree(
                ROOT / folder,
                into / folder,
                ignore=shutil.ignore_patterns("__pycache__", "*.gz", "samples", "migrations"),
            )
    (into / "locale").mkdir()
    command = [sys.executable, "-W", "ignore", "-m", "django", "makemessages", "-l", code, "-v0"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run(command, cwd=into, env=environment, check=True)  # noqa: S603
    found = polib.pofile(str(into / f"locale/{code}/LC_MESSAGES/django.po"))
    return {key(entry) for entry in found}


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs the gettext programs")
def test_the_catalogue_is_as_new_as_the_sources(tmp_path: Path) -> None:
    found = _extracted("pl", tmp_path)
    assert len(found) > 1000
    for code in TRANSLATED:
        known = {key(entry) for entry in catalogue(code)}
        assert sorted(found - known) == []


def test_every_word_of_the_templates_is_in_the_catalogue() -> None:
    """The same question without gettext's programs, for the simple tag alone."""
    tag = re.compile(r"""\{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")
    words = {
        (match[1] or match[2]).replace("%", "%%")
        for path in (ROOT / "templates").rglob("*.html")
        if "design" not in path.parts
        for match in tag.finditer(path.read_text())
    }
    for code in TRANSLATED:
        known = {entry.msgid for entry in catalogue(code)}
        assert sorted(words - known) == []


def test_the_words_do_not_beg() -> None:
    """A colleague says what to do (look.md, principle 7)."""
    begging = [e.msgid for e in catalogue("pl") if re.search(r"\bplease\b", e.msgid, re.IGNORECASE)]
    assert not begging
