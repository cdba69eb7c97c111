"""find(): what people type, and what comes back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import timezone

import search
from accounts.models import User
from search.models import Collection, Doc, Entry, Posting
from search.query import find, similar, suggest
from tests.search.conftest import every_engine
from tests.search.library import Library

pytestmark = every_engine


def titles(text: str, **more: object) -> list[str]:
    return [hit.title for hit in find(text, viewer=None, **more).hits]  # type: ignore[arg-type]


def test_a_thing_is_found_by_any_of_its_words(library: Library) -> None:
    """SE-01: or, never and: one strange word does not empty the list."""
    library.add("Reset the password of a user", "Open the console and choose Security.")
    library.add("Share a calendar", "Calendars are shared by link.")
    found = find("how do I reset passwords zzyzx", viewer=None)
    assert [hit.title for hit in found.hits] == ["Reset the password of a user"]
    assert found.total == 1
    assert found.unmatched == ["zzyzx"]


def test_inflected_forms_find_each_other(library: Library) -> None:
    library.add("Blokowanie kont użytkowników", language="pl")
    assert titles("zablokować konto użytkownika", language="pl")
    assert titles("uzytkownik", language="pl")


def test_diacritics_may_be_left_out(library: Library) -> None:
    """SE-10, S-46."""
    library.add("Żółw na liście", language="pl")
    library.add("Straße ändern", language="de")
    library.add("Smørrebrød", language="da")
    assert titles("zolw", language="en") == ["Żółw na liście"]
    assert titles("strasse", language="en") == ["Straße ändern"]
    assert titles("smorrebrod") == ["Smørrebrød"]


def test_one_chinese_letter_finds_something(library: Library) -> None:
    """SE-10: languages without spaces need no minimum length."""
    library.add("删除邮箱", language="zh-hans")
    library.add("メールの予定表を削除する", language="ja")
    assert titles("邮箱", language="zh-hans") == ["删除邮箱"]
    assert titles("予定表", language="ja") == ["メールの予定表を削除する"]
    assert titles("邮", language="zh-hans") == ["删除邮箱"]


def test_codes_are_found_whole_and_by_their_beginning(library: Library) -> None:
    library.add("Mail bounces with 550 5.7.26", "The sender is not authenticated.")
    library.add("Mail bounces with 550 5.1.1", "The address does not exist.")
    library.add("Error 0x80070005", "Access is denied.")
    assert titles("550 5.7.26")[0] == "Mail bounces with 550 5.7.26"
    assert titles("5.7.26") == ["Mail bounces with 550 5.7.26"]
    assert titles("0X80070005") == ["Error 0x80070005"]


def test_addresses_are_found_whole_and_in_parts(library: Library) -> None:
    library.add("Forward to abuse@example.com", "Use New-TransportRule.")
    assert titles("abuse@example.com")
    assert titles("abuse")
    assert titles("transportrule")


def test_a_phrase_must_stand_word_by_word(library: Library) -> None:
    """SE-05."""
    library.add("Out of office reply", "Set an automatic answer.")
    library.add("Office hours run out", "We are away.")
    assert titles('"out of office"') == ["Out of office reply"]
    found = find('"out of office"', viewer=None, facets=True)
    assert found.total == 1
    assert [facet.count for facet in found.facets["kind"]] == [1]


def test_a_phrase_is_found_in_texts_of_every_language(library: Library) -> None:
    """SE-05: a message is quoted as it is, on whatever page and in whatever text."""
    library.add("„Too many connections” w IMAP, jak podnieść limit?", language="pl")
    library.add("Zbyt wiele", "Serwer pisze: mailbox locked by users.", language="pl")
    library.add("Connections", "Many users have too few.")
    assert titles('"too many connections"') == [
        "„Too many connections” w IMAP, jak podnieść limit?"
    ]
    assert titles('"locked by users"') == ["Zbyt wiele"]
    assert titles('"connections too many"') == []
    found = find('"too many connections"', viewer=None)
    assert "<mark>connections</mark>" in found.hits[0].title_html
    assert titles('limit -"many connections"') == []
    assert titles('users -"locked"') == ["Connections"]


def test_filters_of_a_phrase_count_as_all_others(library: Library) -> None:
    """SE-06, SE-07: without themselves, and every translation in which it stands."""
    library.add("Audit log", "It says: too many links.", product="mail", family="f1")
    library.add("Dziennik audytu", "Pisze: too many links.", language="pl", family="f1")
    library.add("Limits", "Links, and not too many.", family="f2")
    library.add("Limity", "Pisze: too many links.", language="pl", product="files", family="f2")
    everything = find('"many links"', viewer=None, facets=True)
    assert [hit.title for hit in everything.hits] == ["Audit log", "Limity"]
    counts = {
        name: {one.value: one.count for one in some} for name, some in everything.facets.items()
    }
    assert everything.total == 2
    assert counts["language"] == {"en": 1, "pl": 2}
    for language, count in counts["language"].items():
        chosen = find('"many links"', viewer=None, facets=True, languages=[language])
        assert chosen.total == len(chosen.hits) == count
        shown = {one.value: one.count for one in chosen.facets["language"]}
        assert shown == counts["language"]
    newest = find('"many links"', viewer=None, newest=True, products=["mail"], facets=True)
    assert [hit.title for hit in newest.hits] == ["Audit log"]
    assert {one.value: one.count for one in newest.facets["product"]} == {"mail": 1, "files": 1}


def test_minus_leaves_out(library: Library) -> None:
    """SE-05."""
    library.add("Sync a phone", "Mobile sync.")
    library.add("Sync a desktop", "Desktop sync.")
    assert titles("sync -desktop") == ["Sync a phone"]


def test_minus_means_the_whole_phrase_or_field(library: Library) -> None:
    """SE-05: a minus leaves out what the piece behind it would find, and nothing else."""
    library.add("Calendar", "A shared calendar is slow.", solved=True, product="mail")
    library.add("Calendar sharing", "A shared monkey; the calendar is fine.", solved=False)
    library.add("Sharing", "Mail and calendar.", tags=("team-work",), language="en")
    every = {"Calendar", "Calendar sharing", "Sharing"}

    def left(query: str) -> set[str]:
        found = find(query, viewer=None, facets=True)
        assert found.total == len(found.hits) == sum(f.count for f in found.facets["kind"])
        return {hit.title for hit in found.hits}

    assert left("calendar") == every
    assert left('calendar -"shared calendar"') == every - {"Calendar"}
    assert left('calendar -"shared slow"') == every
    assert left('calendar -"monkey"') == every - {"Calendar sharing"}
    assert left("calendar -title:sharing") == {"Calendar"}
    assert left("calendar NOT title:sharing") == {"Calendar"}
    assert left('calendar -tag:"Team work"') == every - {"Sharing"}
    assert left("calendar -is:solved") == every - {"Calendar"}
    assert left("calendar -is:unsolved") == every - {"Calendar sharing"}
    assert left("calendar -lang:en") == set()
    assert left("calendar -in:notes") == set()
    # A piece that means nothing stays words.
    assert left("calendar -nothing:special") == every


def test_fields_narrow_the_search(library: Library) -> None:
    """SE-05: title:, tag:, is: and in: are filters."""
    library.add("Password rules", "About mail.", tags=("security",), solved=True)
    library.add("Mail rules", "About a password.", solved=False)
    assert titles("title:password") == ["Password rules"]
    assert titles("rules tag:security") == ["Password rules"]
    assert titles("tag:security") == ["Password rules"]
    assert titles("rules is:unsolved") == ["Mail rules"]
    assert len(titles("rules in:notes")) == 2
    assert titles("is:solved") == ["Password rules"]


def test_tags_are_found_by_their_names_and_as_words(library: Library) -> None:
    """SE-05, S-46: nobody sees that a tag is kept as `zolty-kod`."""
    library.add("Backups", tags=("zolty-kod",))
    library.add("Restoring", tags=("other",))
    for query in ('tag:"żółty kod"', "tag:zolty-kod", "tag:ŻÓŁTY-KOD", "żółty", "zolty", "kod"):
        assert titles(query) == ["Backups"], query


def test_a_word_of_another_language_of_the_site_finds_its_forms(library: Library) -> None:
    """N-8, U-23: somebody types Polish on the English pages."""
    library.add("Jak czytać fakturę", "Faktura nie przychodzi od rana.", language="pl")
    library.add("Reading a bill", "Bills come by mail.", language="en")
    found = find("fakturami", viewer=None, language="en")
    assert [hit.title for hit in found.hits] == ["Jak czytać fakturę"]
    assert (found.unmatched, found.suggestion) == ([], "")
    assert "<mark>fakturę</mark>" in found.hits[0].title_html
    # Polish texts keep no `nie`; still nobody is told that it stands nowhere.
    assert find("faktury nie", viewer=None, language="en").unmatched == []
    assert find("Rechnungen", viewer=None, language="en").unmatched == ["Rechnungen"]


def test_polish_without_accents_keeps_its_inflection(library: Library) -> None:
    """S-46, SE-10: on a phone people type `odzyskac`."""
    library.add("Odzyskiwanie plików", "Usunięte pliki są w koszu.", language="pl")
    library.add("Telefon", "Jak odzyskać dostęp bez telefonu.", language="pl")
    for number in range(3):
        library.add(f"Drukarka {number}", language="pl")
    for language in ("pl", "en"):
        rich = find("odzyskać pliki", viewer=None, language="pl")
        bare = find("odzyskac pliki", viewer=None, language=language)
        assert [h.title for h in bare.hits] == [h.title for h in rich.hits]
        assert len(bare.hits) == 2
        assert (bare.suggestion, bare.unmatched) == ("", [])


def test_an_error_code_is_found_as_a_whole_or_not_at_all(library: Library) -> None:
    library.add("Sign-in fails with AUTH-3051", "And 550 5.7.26 now and then.")
    for typed, unmatched in (
        ("AUTH-3051", []), ("auth 3051", []), ("5.7.26", []), ("5.7", []),
        ("AUTH-9999", ["AUTH-9999"]), ("auth 9999", ["9999"]), ("5.7.27", ["5.7.27"]),
    ):  # fmt: skip
        assert find(typed, viewer=None).unmatched == unmatched, typed


def test_a_code_is_found_however_it_is_joined(library: Library) -> None:
    """SE-01: with or without its hyphen, and as servers write it before the last line."""
    library.add("Sign-in fails with AUTH-3051", "It says so.")
    library.add("Update KB5034441 stops", "At half.")
    library.add("Rejected with 550 5.7.26", "By the other side.")
    for text in ("AUTH3051", "auth3051", "AUTH-3051"):
        assert titles(text)[0] == "Sign-in fails with AUTH-3051"
    assert titles("KB-5034441") == ["Update KB5034441 stops"]
    assert titles("550-5.7.26") == ["Rejected with 550 5.7.26"]
    assert find("550-5.7.26", viewer=None).unmatched == []
    assert titles("AUTH3052") == titles("550-5.1.1") == []
    assert titles("rejected -AUTH3051 -KB-5034441") == ["Rejected with 550 5.7.26"]


def test_little_words_of_another_language_are_no_slips(library: Library) -> None:
    library.add("The main password")
    found = find("Wie setze ich mein Passwort", viewer=None, language="en")
    assert found.suggestion == "Wie setze ich mein password"
    assert found.unmatched == ["setze"]


def test_the_first_letter_is_hardly_ever_wrong(library: Library) -> None:
    for number in range(4):
        library.add(f"Set the clock {number}")
    library.add("Reset the clock")
    assert find("rset", viewer=None, language="en").suggestion == "reset"


def test_filters_have_counts(library: Library) -> None:
    """SE-06: each group is counted under the other groups' filters."""
    library.add("Mail one", product="mail", solved=True)
    library.add("Mail two", product="mail", solved=False)
    library.add("Mail three", product="files", solved=True)
    found = find("mail", viewer=None, facets=True, products=["mail"])
    assert found.total == 2
    assert {f.value: f.count for f in found.facets["product"]} == {"mail": 2, "files": 1}
    assert {f.value: f.count for f in found.facets["solved"]} == {True: 1, False: 1}
    assert [f.is_on for f in found.facets["product"]] == [True, False]


def test_a_slip_is_forgiven(library: Library) -> None:
    """SE-04: corrected from the site's own words, added, and said."""
    library.add("Calendar sharing", "Share calendars.")
    found = find("calender sharing", viewer=None)
    assert [hit.title for hit in found.hits] == ["Calendar sharing"]
    assert found.suggestion == "calendar sharing"
    assert found.unmatched == []
    assert find("calender", viewer=None, spelling=False).hits == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Why is my calender empty?", "Why is my calendar empty?"),
        ("calender, sharing", "calendar, sharing"),
        ("(calender) sharing!", "(calendar) sharing!"),
    ],
)
def test_a_slip_before_a_sign_is_put_right_where_it_stands(
    library: Library, typed: str, said: str
) -> None:
    """SE-04: "Also showing results for …" must not repeat the slip."""
    library.add("Calendar sharing", "Share calendars.")
    found = find(typed, viewer=None)
    assert [hit.title for hit in found.hits] == ["Calendar sharing"]
    assert found.suggestion == said


def test_a_suggestion_is_written_as_people_write_it(library: Library) -> None:
    library.add("Blokada użytkowników", language="pl")
    assert find("uzytkownkow", viewer=None, language="pl").suggestion == "użytkowników"


def test_the_passage_and_its_section_are_shown(library: Library) -> None:
    from search.registry import Passage

    passages = (
        Passage("start", "Start", "Nothing to see here. " * 60),
        Passage("dkim", "Signing", "Publish the DKIM selector record <b>now</b>. " * 3),
        Passage("end", "End", "Other words entirely. " * 60),
    )
    library.add("Deliver mail", "", passages=passages)
    [hit] = find("dkim selector", viewer=None).hits
    assert hit.url.endswith("#dkim")
    assert hit.heading == "Signing"
    assert "<mark>DKIM</mark> <mark>selector</mark>" in hit.snippet
    assert "<b>" not in hit.snippet
    assert "&lt;b&gt;" in hit.snippet


def test_a_family_is_one_hit_in_the_readers_language(library: Library) -> None:
    """SE-07, ML-06."""
    library.add("Outlook setup", language="en", family="a:1")
    library.add("Outlook: konfiguracja", language="pl", family="a:1")
    library.add("Outlook einrichten", language="de", family="a:1")
    for reader, expected in (("pl", "pl"), ("de", "de"), ("en", "en"), ("fr", "en")):
        found = find("outlook", viewer=None, language=reader, facets=True)
        assert [hit.language for hit in found.hits] == [expected]
        assert found.total == 1
        assert sum(facet.count for facet in found.facets["kind"]) == 1
    assert titles("outlook", languages=["de"]) == ["Outlook einrichten"]


def test_archived_ranks_below_live(library: Library) -> None:
    """SE-12."""
    library.add("Sync calendars", "Old way.", demoted=True, popularity=900)
    library.add("Sync calendars", "New way.")
    assert [hit.snippet for hit in find("sync calendars", viewer=None).hits] == [
        "New way.",
        "Old way.",
    ]


def test_pages_follow_each_other_without_gap_or_double(library: Library) -> None:
    for number in range(130):
        library.add(f"Mail rule {number % 7}", "rule " * (number % 5))
    seen: list[str] = []
    cursor, pages = None, 0
    while pages == 0 or cursor:
        found = find("mail rule 3", viewer=None, limit=9, cursor=cursor)
        seen += [hit.object_id for hit in found.hits]
        cursor, pages = found.next, pages + 1
        assert found.total == 130
    assert len(seen) == len(set(seen)) == 130
    assert seen == [hit.object_id for hit in _all("mail rule 3")]


def _all(text: str) -> list[object]:
    hits, cursor = [], None
    while True:
        found = find(text, viewer=None, limit=50, cursor=cursor)
        hits += found.hits
        cursor = found.next
        if not cursor:
            return hits


@pytest.mark.parametrize("cursor", ["", "x", "zz-1", "-", "1-", "\x00", "f" * 99 + "-1"])
def test_a_damaged_cursor_is_no_error(library: Library, cursor: str) -> None:
    library.add("Mail")
    assert find("mail", viewer=None, cursor=cursor).total == 1


def test_similar_uses_the_body_and_leaves_the_thing_itself_out(library: Library) -> None:
    own = library.add("Problem with mail", "The quota is exceeded and attachments bounce.")
    library.add("Mailbox quota exceeded", "Attachments bounce.")
    for number in range(6):
        library.add(f"Problem with a printer {number}", "Paper jam.")
    found = similar(
        "Problem with mail",
        "quota exceeded, attachments bounce",
        viewer=None,
        exclude=("note", own),
    )
    assert found[0].title == "Mailbox quota exceeded"
    assert own not in {hit.object_id for hit in found}


def test_typing_completes_the_last_word(library: Library) -> None:
    """SE-09."""
    library.add("Calendar sharing")
    library.add("Mail forwarding")
    assert [hit.title for hit in suggest("cal", viewer=None)] == ["Calendar sharing"]
    assert suggest("mail forw", viewer=None)[0].title == "Mail forwarding"
    assert suggest("  ", viewer=None) == []


def test_what_is_to_be_left_out_is_not_completed(library: Library) -> None:
    """SE-05, SE-09."""
    library.add("Calendar sharing")
    library.add("Mailbox quota")
    for typed in ("-calen", "mailb -calen", "mailb NOT calen", 'mailb -"calen'):
        assert "Calendar sharing" not in [hit.title for hit in suggest(typed, viewer=None)], typed
    # Whoever is at another word has finished this one.
    assert suggest("mailb -calen", viewer=None) == []
    assert [hit.title for hit in suggest("mailbox -calen", viewer=None)] == ["Mailbox quota"]
    assert [hit.title for hit in suggest("-calendar mailb", viewer=None)] == ["Mailbox quota"]
    assert suggest('"mailb"', viewer=None) == []


def test_typing_completes_a_word_that_must_stand_in_the_title(library: Library) -> None:
    """SE-05, SE-09."""
    library.add("Password rules", "Ten letters.")
    library.add("Passport scans", "Keep them apart.")
    library.add("Sign in", "With your password or a passport.")
    for typed in ("title:pass", "letters title:pass", "title:passw", "title:pass in:notes"):
        found = [hit.title for hit in suggest(typed, viewer=None)]
        assert "Password rules" in found, typed
        assert "Sign in" not in found, typed
    assert {hit.title for hit in suggest("title:pass", viewer=None)} == {
        "Password rules",
        "Passport scans",
    }
    # Only the word that is being typed: the one before it is whole.
    assert suggest("title:pass sc", viewer=None) == []
    assert suggest("title:pass ", viewer=None) == []
    assert suggest("-title:pass", viewer=None) == []


def test_typing_completes_the_titles_of_ones_own(library: Library) -> None:
    """SE-09: own cases come while their titles are typed; nobody else learns a word of them."""
    owner, other = (User.objects.create_user(f"{name}@x.example") for name in ("own", "other"))
    library.add("Zorblaxian frobnicator", tokens=frozenset({f"user:{owner.pk}"}))
    library.add("Zone transfer")
    for typed in ("zorb", "Zorblaxia", "FROB"):
        assert [hit.title for hit in suggest(typed, viewer=owner)][:1] == ["Zorblaxian frobnicator"]
        for viewer in (None, other):
            assert "Zorblaxian frobnicator" not in [h.title for h in suggest(typed, viewer=viewer)]


def test_a_change_shows_at_once_and_what_is_withdrawn_is_gone(library: Library) -> None:
    """SE-15."""
    pk = library.add("Old words")
    library.change(pk, title="New words")
    assert titles("old") == []
    assert titles("new") == ["New words"]
    library.withdraw(pk)
    assert titles("words") == []
    assert not Entry.objects.exists()
    assert not Doc.objects.exists()
    assert not Posting.objects.exists()


def test_a_rebuild_gives_the_same_answers(library: Library) -> None:
    """SE-15: a new collection, then the switch; the old one leaves nothing behind."""
    for number in range(12):
        library.add(f"Mail {number}", "calendar " * number, family=f"f{number // 2}")
    before = [hit.object_id for hit in _all("mail 3 calendar")]
    assert search.rebuild() == 12
    assert [hit.object_id for hit in _all("mail 3 calendar")] == before
    assert Collection.objects.count() == 1
    live = Collection.objects.get()
    assert not Doc.objects.exclude(collection=live).exists()


def test_suspended_writes_nothing(library: Library) -> None:
    with search.suspended():
        library.add("Quiet words")
    assert titles("quiet") == []
    search.rebuild(["note"])
    assert titles("quiet") == ["Quiet words"]


def test_dates_come_from_the_document(library: Library) -> None:
    then = timezone.now() - timezone.timedelta(days=900)
    library.add("Old thing", created_at=then, updated_at=then)
    assert find("thing", viewer=None).hits[0].updated_at == then


def test_code_of_search_holds_no_engine_sql_outside_its_package() -> None:
    for path in Path("search").rglob("*.py"):
        if "engines/sql" not in str(path) and "migrations" not in str(path):
            assert "cursor()" not in path.read_text(encoding="utf-8"), path


def test_little_words_of_a_question_are_not_marked(library: Library) -> None:
    """They rank, but a text full of marks shows nothing."""
    library.add("Change the IP of a relay", "If I do it, do we lose mail on the IP relay?")
    (hit,) = find("how do I change the IP if we move", viewer=None).hits
    marked = re.findall("<mark>(.*?)</mark>", f"{hit.title_html} {hit.snippet}")
    assert {word.lower() for word in marked} == {"change", "ip"}
