"""import_articles: real input, bad input, twice, and killed in the middle."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Revision

from jobs.testing import drain, failures
from kb.importing import bulk
from kb.importing.run import Importer
from kb.integrity import checks
from kb.models import ArticlePage, RelatedArticle, SectionPage
from links.models import ImportedKey
from search.query import find

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("help_centre")]


def record(key: str = "one", lang: str = "en", **fields: Any) -> dict[str, Any]:
    return {
        "key": key,
        "lang": lang,
        "title": f"Title {key}",
        "body_md": "## Zebra\n\nWords.",
        "date": "11/02/2024",
        **fields,
    }


def write(path: Path, rows: list[Any]) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(source: Path, **options: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_articles", str(source), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def sound() -> None:
    assert Page.find_problems() == ([], [], [], [], [])
    assert [line for _name, lines in checks() for line in lines] == []


def test_articles_arrive_live_findable_and_dated(tmp_path: Path) -> None:
    rows = [record("one"), record("one", "pl", title="Tytuł"), record("two", tags=["DNS"])]
    out, err = run(write(tmp_path / "kb.jsonl", rows))
    assert "3 articles added (en 2, pl 1); 0 known already; 0 bad" in out
    assert "skipped" not in err
    article = ArticlePage.objects.get(title="Title one")
    polish = ArticlePage.objects.get(title="Tytuł")
    assert article.translation_key == polish.translation_key
    assert article.contents[0]["anchor"] == polish.contents[0]["anchor"]
    assert str(article.checked_at) == "2024-11-02"
    assert article.last_published_at.year == 2024
    assert Client().get(article.url).status_code == 200
    assert {hit.title for hit in find("zebra", viewer=AnonymousUser(), language="en").hits} >= {
        "Title one"
    }
    assert SectionPage.objects.get(pk=article.get_parent().pk).article_count == 2
    sound()


def test_an_imported_article_can_be_edited_and_has_its_history(tmp_path: Path, cast: Any) -> None:
    from home.setup import ensure_site

    ensure_site()
    run(write(tmp_path / "kb.jsonl", [record()]))
    article = ArticlePage.objects.get(title="Title one")
    assert article.live_revision == article.latest_revision
    client = Client()
    client.force_login(cast.ed, backend="django.contrib.auth.backends.ModelBackend")
    for name in ("edit", "history", "revisions_view"):
        args = [article.pk, article.live_revision_id] if name == "revisions_view" else [article.pk]
        assert client.get(reverse(f"wagtailadmin_pages:{name}", args=args)).status_code == 200, name
    drain()
    assert failures() == []


def test_an_edit_after_the_import_keeps_tags_and_related(tmp_path: Path) -> None:
    rows = [record("one", tags=["DNS", "Mail"], related=["two"]), record("two")]
    run(write(tmp_path / "kb.jsonl", rows))
    ArticlePage.objects.get(title="Title one").latest_revision.publish()
    article = ArticlePage.objects.get(title="Title one")
    assert {tag.slug for tag in article.tags.all()} == {"dns", "mail"}
    assert [row.article.title for row in article.related_links.all()] == ["Title two"]


def test_a_second_run_adds_nothing(tmp_path: Path) -> None:
    source = write(tmp_path / "kb.jsonl", [record("one"), record("two")])
    run(source)
    out, _err = run(source)
    assert "0 articles added (none); 2 known already" in out
    assert ArticlePage.objects.count() == 2


def test_two_articles_under_one_key_both_arrive(tmp_path: Path) -> None:
    rows = [
        record(title="A"),
        record(title="B"),
        record(lang="pl", title="C"),
        record(lang="pl", title="D"),
    ]
    run(write(tmp_path / "kb.jsonl", rows))
    keys = dict(ArticlePage.objects.values_list("title", "translation_key"))
    assert keys["A"] == keys["C"]
    assert keys["B"] == keys["D"]
    assert keys["A"] != keys["B"]
    sound()


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    pages = Page.objects.count()
    out, _err = run(write(tmp_path / "kb.jsonl", [record(), "{"]), dry_run=True)
    assert "1 articles would be added (en 1)" in out
    assert "1 bad records" in out
    assert Page.objects.count() == pages
    assert not ImportedKey.objects.exists()


BAD = [
    ("{not json", "Expecting property name"),
    ("[1, 2]", "not a list of fields"),
    ('"text"', "not a list of fields"),
    (record(title=""), "the title is empty"),
    (record(title=None), "'title' is not text"),
    (record(title=["x"]), "'title' is not text"),
    (record(body_md=""), "the text is empty"),
    (record(body_md="x" * 70_000), "longer than"),
    (record(body_md="\ud800"), "not UTF-8"),
    (record(date="31/31/2024"), "is not a date"),
    (record(key=""), "the key is empty"),
    (record(key="k" * 300), "the key is empty or longer"),
    (record(visibility="nobody"), "no visibility"),
    (record(lang="tlh"), "no language 'tlh'"),
    (record(product="nothing"), "no product 'nothing'"),
    (record(slug=7), "attribute"),
    (record(section=5), "iterable"),
    (record(tags=[{"a": 1}]), "line 2"),
    ('{"key": "x", "lang": "en"}', "'title' is missing"),
    ("[" * 5000, "line 2"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD, ids=[reason for _bad, reason in BAD])
def test_a_bad_record_is_named_with_line_and_reason_and_skipped(
    tmp_path: Path, bad: Any, reason: str
) -> None:
    out, err = run(write(tmp_path / "kb.jsonl", [record("good"), bad, record("fine")]))
    assert "2 articles added" in out
    assert "1 bad records skipped" in out
    assert "skipped: line 2" in err
    assert reason in err
    sound()


def test_controls_and_tricks_are_cleaned(tmp_path: Path) -> None:
    rows = [
        record(title="A\x00B\u202eC <b>x</b>", body_md="x\x00\x1b[31m <script>alert(1)</script>")
    ]
    run(write(tmp_path / "kb.jsonl", rows))
    article = ArticlePage.objects.get()
    assert article.title == "ABC <b>x</b>"
    assert "<script" not in article.body_html
    assert Client().get(article.url).status_code == 200


def test_bytes_that_are_no_utf_8_spoil_only_their_record(tmp_path: Path) -> None:
    source = tmp_path / "kb.jsonl"
    bad = json.dumps(record("bad", title="TITLE")).encode().replace(b"TITLE", b"\xff\xfe")
    source.write_bytes(bad + b"\n" + json.dumps(record("good")).encode() + b"\n")
    out, err = run(source)
    assert "1 articles added" in out
    assert "line 1: it is not UTF-8" in err


def test_a_cut_off_archive_keeps_what_came_before_it(tmp_path: Path) -> None:
    source = tmp_path / "kb.jsonl.gz"
    rows = "\n".join(json.dumps(record(f"k{number}")) for number in range(400))
    packed = gzip.compress(rows.encode())
    source.write_bytes(packed[: len(packed) // 2])
    _out, err = run(source)
    assert "the file cannot be read" in err
    assert ArticlePage.objects.count() > 0
    source.write_bytes(packed)
    run(source)
    assert ArticlePage.objects.count() == 400
    sound()


def test_a_missing_file_is_said_plainly() -> None:
    with pytest.raises(CommandError, match="does not exist"):
        run(Path("/nowhere/kb.jsonl"))


def test_a_fault_in_a_batch_leaves_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(tmp_path / "kb.jsonl", [record("one"), record("two")])
    real = bulk._revisions

    def broken(*_args: Any) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(bulk, "_revisions", broken)
    with pytest.raises(RuntimeError):
        run(source)
    assert (ArticlePage.objects.count(), ImportedKey.objects.count()) == (0, 0)
    monkeypatch.setattr(bulk, "_revisions", real)
    run(source)
    assert ArticlePage.objects.count() == 2
    assert Revision.objects.for_instance(ArticlePage.objects.first()).count() == 1
    sound()


def test_a_run_that_died_before_the_search_was_built_is_completed(tmp_path: Path) -> None:
    source = write(tmp_path / "kb.jsonl", [record("one")])
    run(source, no_search=True)
    assert find("zebra", viewer=AnonymousUser(), language="en").total == 0
    run(source)
    assert find("zebra", viewer=AnonymousUser(), language="en").total == 1


def test_a_tree_of_markdown_files_with_links_by_key(tmp_path: Path) -> None:
    folder = tmp_path / "tree" / "mail" / "delivery"
    folder.mkdir(parents=True)
    head = "---\nkey: {key}\nlang: {lang}\ntitle: {title}\nrelated: [{related}]\n---\n"
    one = head.format(key="one", lang="en", title="One", related="two")
    (folder / "one.en.md").write_text(f"{one}See [two](article:two) and [none](article:none).")
    two = head.format(key="two", lang="en", title="Two", related="")
    (folder / "two.en.md").write_text(f"{two}> [!TIP]\n> Back to [one](article:one).")
    (folder / "broken.md").write_text("---\ntitle: [\n---\nText")
    (folder / "plain-words.md").write_text("No head at all.")
    out, err = run(tmp_path / "tree")
    assert "3 articles added (en 3)" in out
    assert "skipped: mail/delivery/broken.md" in err
    assert "there is no article 'none' to link to" in err
    first, second = ArticlePage.objects.get(title="One"), ArticlePage.objects.get(title="Two")
    assert first.url == "/help/mail/delivery/one/"
    assert 'href="/help/mail/delivery/two/"' in first.body_html
    assert 'href="/help/mail/delivery/one/"' in second.body_html
    assert "/help/mail/delivery/two/" in str(first.live_revision.content["body"])
    assert RelatedArticle.objects.filter(page=first, article=second).count() == 1
    assert ArticlePage.objects.filter(title="plain words").exists()
    run(tmp_path / "tree")
    assert RelatedArticle.objects.count() == 1
    sound()


def test_folders_that_hold_files_and_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(name: str) -> None:
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntitle: {path.stem}\n---\nWords.", encoding="utf-8")

    for name in ("docs/a.md", "docs/sub/b.md", "docs/sub/deep/c.md", "docs/z.md", "docs/sub.md"):
        put(name)
    out, err = run(tmp_path / "tree")
    assert "5 articles added" in out
    assert "skipped" not in err
    sound()
    # The next folder comes in a batch after that of its neighbours.
    monkeypatch.setattr("kb.importing.run.BATCH", 1)
    for name in ("docs/e.md", "docs/more/f.md", "docs/y.md"):
        put(name)
    run(tmp_path / "tree")
    urls = {page.title: page.url for page in ArticlePage.objects.all()}
    assert urls["f"] == "/help/docs/more/f/"
    assert urls["c"] == "/help/docs/sub/deep/c/"
    assert urls["sub"] == "/help/docs/sub-2/"
    assert all(Client().get(url).status_code == 200 for url in urls.values())
    sound()


def plant(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


LINKED = {
    "start.md": (
        "# Where to begin\n\n"
        'First [**mail**](mail/other%20name.md "Mail"), then [its limits]'
        "(<mail/other name.md#limits--sizes>) and [below](#next-steps).\n"
        "Also [over\nthere](./mail/), [a form](files/form.pdf), [gone](gone.md), "
        "[the site](https://example.org/a.md), [home](/), [top](/mail/index.md), [ref][1].\n"
        "![A diagram](img/diagram.png) and `[code](mail/index.md)`\n\n"
        "```\n[code](mail/index.md)\n```\n\n## Next steps\n\nGo.[^1]\n\n"
        '[1]: mail/index.md "Ref"\n[^1]: footnote.md\n'
    ),
    "mail/index.md": "---\ntitle: Mail\n---\n# Mail\n\nBack to [start](../start.md).",
    "mail/other name.md": (
        "---\nkey: own-key\ntitle: Other\n---\nMail\n====\n\n## Limits & sizes\n\n"
        "See [it in any language](only.md)."
    ),
    "mail/only.pl.md": "# Tylko po polsku\n\n[Początek](../start.md)",
}


def test_links_between_files_lead_to_the_articles(tmp_path: Path) -> None:
    tree = plant(tmp_path / "tree", LINKED)
    out, err = run(tree)
    assert "4 articles added (en 3, pl 1)" in out
    assert [line for line in err.splitlines() if "note: " in line] == [
        "note: start.md: nothing imported is at 'files/form.pdf'; its words stay without a link",
        "note: start.md: nothing imported is at 'gone.md'; its words stay without a link",
        "note: start.md: the picture 'img/diagram.png' was not taken along",
    ]
    page = ArticlePage.objects.get(title="Where to begin")
    other = ArticlePage.objects.get(title="Other")
    html = page.body_html
    assert "Where to begin" not in html
    mail = "/help/mail/mail/"
    limits = {part["text"]: part["anchor"] for part in other.contents}["Limits & sizes"]
    assert f'<a href="{other.url}" title="Mail"><strong>mail</strong></a>' in html
    assert f'<a href="{other.url}#{limits}">its limits</a>' in html
    assert f'<a href="{page.url}#{page.contents[0]["anchor"]}">below</a>' in html
    assert f'<a href="{mail}">over\nthere</a>' in html
    assert f'<a href="{mail}">top</a>' in html
    assert f'<a href="{mail}" title="Ref">ref</a>' in html
    assert '<a href="https://example.org/a.md"' in html
    assert '<a href="/">home</a>' in html
    assert html.count("[code](mail/index.md)") == 2
    assert "A diagram and" in html
    assert ".png" not in html
    assert ArticlePage.objects.get(title="Mail").body_text.startswith("Back to")
    # A first heading that says something else than the title is part of the text.
    assert other.body_text.startswith("Mail")
    polish = ArticlePage.objects.get(title="Tylko po polsku")
    assert f'<a href="{polish.url}">it in any language</a>' in other.body_html
    assert f'<a href="{page.url}">Początek</a>' in polish.body_html
    for each in (page, other, polish):
        assert "article:" not in each.body_html
        assert Client().get(each.url).status_code == 200
    assert "nothing imported" not in run(tree)[1]
    sound()


def test_files_of_one_name_in_two_folders_are_two_articles(tmp_path: Path) -> None:
    files = {f"{name}/index.md": f"# {name}\n\nAbout [it](index.md)" for name in ("mail", "web")}
    run(plant(tmp_path / "tree", files))
    # Another one before them changes nothing about which is which.
    out, _err = run(plant(tmp_path / "tree", {"admin/index.md": "# admin\n\nNew"}))
    assert "1 articles added (en 1); 2 known already" in out
    for page in ArticlePage.objects.filter(title__in=["mail", "web"]):
        assert f'href="{page.url}"' in page.body_html
    sound()


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    tree = plant(tmp_path / "tree", {"a.md": "\ufeff---\ntitle: Marked\n---\n# marked\n\nWords."})
    lines = tmp_path / "kb.jsonl"
    lines.write_text("\ufeff" + json.dumps(record(title="Line")) + "\n", encoding="utf-8")
    assert "1 articles added" in run(tree)[0]
    assert "1 articles added" in run(lines)[0]
    assert ArticlePage.objects.get(title="Marked").body_text.strip() == "Words."


def test_many_records_cost_few_queries_a_batch(django_assert_max_num_queries: Any) -> None:
    from kb.importing.records import Record

    importer = Importer(system="x", section="imported")
    importer.run([Record(key="first", language="en", title="First", body="x")])
    rows = [Record(key=str(n), language="en", title=f"T{n}", body="x") for n in range(100)]
    with django_assert_max_num_queries(30):
        importer.run(rows)
