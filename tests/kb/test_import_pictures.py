"""import_articles takes the pictures of a folder along: once each, and only what uploads may be."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo
from wagtail.images import get_image_model
from wagtail.models import Collection

from kb.importing import again
from kb.importing import run as running
from kb.models import ArticlePage
from links.models import ImportedKey
from posting import files
from tests.kb.test_import import plant, run, sound
from tests.posting.pictures import huge_png

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("help_centre")]


@pytest.fixture(autouse=True)
def collection(db: None) -> None:
    """As migrations make it; tests begin with empty tables."""
    if not Collection.objects.exists():
        Collection.add_root(name="Root")


def png(colour: str = "teal", size: tuple[int, int] = (40, 30), note: str = "") -> bytes:
    target, info = io.BytesIO(), PngInfo()
    if note:
        info.add_text("Comment", note)
    Picture.new("RGB", size, colour).save(target, "PNG", pnginfo=info)
    return target.getvalue()


def draw(folder: Path, pictures: dict[str, bytes]) -> Path:
    for name, content in pictures.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def notes(err: str) -> list[str]:
    return [line.removeprefix("note: ") for line in err.splitlines() if "note: " in line]


def library() -> Any:
    return get_image_model().objects.all()


def soup(page: ArticlePage) -> BeautifulSoup:
    return BeautifulSoup(page.body_html, "html.parser")


def pictures_of(title: str) -> list[Any]:
    html = ArticlePage.objects.get(title=title).body_html
    return list(BeautifulSoup(html, "html.parser").find_all("img"))


TREE = {
    "start.md": (
        "# Start\n\nBefore.\n\n"
        '![The whole [of] it](img/my%20map.png "A map")\n\n'
        "Press ![the red button](./img/button.png) and go on.\n\n- ![in a list](/img/button.png)\n\n"
        "[![a way on](img/button.png)](mail/other.md)\n\n"
        "```\n![code](img/button.png)\n```\n\n`![code](img/button.png)`\n\n"
        "> [!NOTE]\n> ![noted](img/button.png)\n"
    ),
    "mail/other.md": "# Other\n\n![Same, elsewhere](<../img/copy of it.png>)\n\nAfter.",
}
DRAWN = {
    "img/my map.png": png("navy", note="canary of the camera"),
    "img/button.png": png("red"),
    "img/copy of it.png": png("red"),
    "img/unused.png": png("green"),
}


def test_pictures_come_along_and_are_kept_once(tmp_path: Path) -> None:
    tree = draw(plant(tmp_path / "tree", TREE), DRAWN)
    out, err = run(tree)
    assert "2 articles added" in out
    assert out.strip().endswith("; 2 pictures added.")
    assert notes(err) == []
    assert library().count() == ImportedKey.objects.filter(kind="picture").count() == 2
    article = ArticlePage.objects.get(title="Start")
    kinds = [block.block_type for block in article.body]
    assert kinds == ["text", "picture", "text", "callout"]
    figure = article.body[1].value
    assert (figure["alt"], figure["caption"]) == ("The whole of it", "A map")
    alts = [picture["alt"] for picture in pictures_of("Start")]
    assert alts == ["The whole of it", "the red button", "in a list", "a way on", "noted"]
    assert article.body_html.count("![code](img/button.png)") == 2
    assert "picture:" not in article.body_html
    for picture in [*pictures_of("Start"), *pictures_of("Other")]:
        assert Client().get(picture["src"]).status_code == 200, picture
    for image in library():
        assert b"canary" not in image.file.read()
    sound()


def test_a_second_run_and_another_article_find_what_is_there(tmp_path: Path) -> None:
    tree = draw(plant(tmp_path / "tree", TREE), DRAWN)
    run(tree)
    out, _err = run(tree)
    assert "0 articles added (none); 2 known already" in out
    assert "pictures" not in out
    plant(tree, {"later.md": "# Later\n\n![A map](img/my%20map.png)"})
    out, _err = run(tree)
    assert "1 articles added" in out
    assert "pictures" not in out
    assert library().count() == 2
    assert len(pictures_of("Later")) == 1


def test_articles_that_came_without_their_pictures_get_them(tmp_path: Path) -> None:
    text = {"index.md": "# Index\n\n[A start](start.md), then ![a map](/img/my%20map.png)."}
    tree = plant(tmp_path / "tree", TREE | text)
    run(tree)
    assert not any(pictures_of(title) for title in ("Start", "Other"))
    article = ArticlePage.objects.get(title="Start")
    anchors = [part["anchor"] for part in article.contents]
    # The order of batches must not matter.
    draw(plant(tree, {"later.md": "# Later\n\n[Back](start.md)"}), DRAWN)
    out, err = run(tree, dry_run=True)
    assert "; 2 pictures would be added" in out
    assert not library().exists()
    out, err = run(tree)
    assert "1 articles added" in out
    assert out.strip().endswith("; 2 pictures added; 3 articles got theirs.")
    assert notes(err) == []
    fresh = plant(tmp_path / "fresh", TREE | text)
    run(draw(fresh, DRAWN), section="beside")
    for title in ("Start", "Other", "Index"):
        old, new = ArticlePage.objects.filter(title=title).order_by("pk")
        assert [block.block_type for block in old.body] == [b.block_type for b in new.body]
        shown = [[i["alt"] for i in soup(page).find_all("img")] for page in (old, new)]
        assert shown[0] == shown[1]
        assert shown[0]
        assert "article:" not in old.body_html
        for picture in soup(old).find_all("img"):
            assert Client().get(picture["src"]).status_code == 200
        # The next edit does not take them away again.
        assert old.revisions.count() == 1
        kept = (old.live_revision.content["body"], old.serializable_data()["body"])
        assert json.loads(kept[0]) == json.loads(kept[1])
    article.refresh_from_db()
    assert [part["anchor"] for part in article.contents] == anchors
    out, err = run(tree)
    assert "0 articles added" in out
    assert "picture" not in out
    assert "theirs" not in out
    assert notes(err) == []
    sound()


def test_an_article_that_says_something_else_by_now_stays(tmp_path: Path) -> None:
    words = {name: f"# {name}\n\nBefore.\n\n![A map](map.png)" for name in "ABC"}
    tree = plant(tmp_path / "tree", {f"{name}.md": text for name, text in words.items()})
    run(tree)
    edited = ArticlePage.objects.get(title="A")
    edited.save_revision().publish()
    plant(tree, {"B.md": words["B"].replace("Before", "Afterwards")})
    before = list(ArticlePage.objects.filter(title__in="AB").values_list("body_html", flat=True))
    for _again in range(2):
        _out, err = run(draw(tree, {"map.png": png()}))
        said = [line.partition(":")[0] for line in notes(err)]
        assert said == ["A.md", "B.md"]
    now = list(ArticlePage.objects.filter(title__in="AB").values_list("body_html", flat=True))
    assert now == before
    assert len(pictures_of("C")) == 1
    sound()


def test_an_editor_who_deleted_a_picture_gets_it_with_the_next_article(tmp_path: Path) -> None:
    tree = draw(plant(tmp_path / "tree", TREE), DRAWN)
    run(tree)
    library().delete()
    plant(tree, {"later.md": "# Later\n\n![A map](img/my%20map.png)"})
    assert "; 1 pictures added." in run(tree)[0]
    assert Client().get(pictures_of("Later")[0]["src"]).status_code == 200


def test_an_import_killed_in_a_batch_leaves_no_second_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = draw(plant(tmp_path / "tree", TREE), DRAWN)

    def killed(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(running, "create_live", killed)
        with pytest.raises(KeyboardInterrupt):
            run(tree)
    assert ArticlePage.objects.count() == 0
    assert "2 articles added" in run(tree)[0]
    assert library().count() == 2
    sound()


def test_a_dry_run_counts_and_writes_nothing(tmp_path: Path) -> None:
    tree = draw(plant(tmp_path / "tree", TREE), DRAWN | {"img/copy of it.png": b"no picture"})
    out, err = run(tree, dry_run=True)
    assert out.strip().endswith("; 2 pictures would be added.")
    assert len(notes(err)) == 1
    assert "img/copy of it.png" in notes(err)[0]
    assert not library().exists()
    assert not ImportedKey.objects.exists()


def test_what_no_upload_may_be_is_named_and_its_words_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_IMAGE", 5_000)
    bad = {
        "drawing.svg": (b"<svg onload='alert(1)'/>", "Files of this type are not accepted"),
        "script.png": (b"<script>alert(1)</script>", "is not what its name says"),
        "other.gif": (png(), "is not what its name says"),
        "cut.png": (png(size=(300, 300))[:150], "is damaged"),
        "heavy.png": (png() + b"\x00" * 5_000, "is too large"),
        "bomb.png": (huge_png(), "has too many pixels"),
    }
    text = "\n\n".join(f"![words of {name}]({name})" for name in bad)
    tree = draw(
        plant(tmp_path / "tree", {"a.md": f"# Bad\n\n{text}\n\n![](fine.png)"}),
        {name: content for name, (content, _why) in bad.items()},
    )
    draw(tree, {"fine.png": png()})
    out, err = run(tree)
    assert "1 articles added" in out
    assert "pictures" not in out
    said = notes(err)
    assert len(said) == len(bad) + 1
    for name in bad:
        assert sum(f"the picture '{name}' was not taken along: " in line for line in said) == 1, (
            name
        )
        assert f"words of {name}" in ArticlePage.objects.get(title="Bad").body_text
    assert any("nothing says what it shows" in line for line in said)
    assert pictures_of("Bad") == []
    assert not library().exists()


@pytest.mark.parametrize(
    "where", ["../secret.png", "img/../../secret.png", "/../secret.png", "%2e%2e/secret.png",
              "link.png", "folder/secret.png", "img", "x%00.png", "a" * 5_000 + ".png"]
)  # fmt: skip
def test_nothing_outside_the_folder_is_read(tmp_path: Path, where: str) -> None:
    draw(tmp_path, {"secret.png": png()})
    tree = plant(tmp_path / "tree", {"a.md": f"# A\n\nWords.\n\n![it]({where})"})
    (tree / "link.png").symlink_to(tmp_path / "secret.png")
    (tree / "folder").symlink_to(tmp_path)
    (tree / "img").mkdir()
    out, err = run(tree)
    assert "1 articles added" in out
    assert "pictures" not in out
    if not where.startswith("/"):
        assert "was not taken along" in notes(err)[0]
    assert not library().exists()
    assert pictures_of("A") == []


def test_a_text_with_definitions_stays_whole(tmp_path: Path) -> None:
    text = "# A\n\nSee [it][1].\n\n![A map](map.png)\n\nAnd [it][1].\n\n[1]: https://example.org/\n"
    run(draw(plant(tmp_path / "tree", {"a.md": text}), {"map.png": png()}))
    article = ArticlePage.objects.get(title="A")
    assert article.body_html.count('href="https://example.org/"') == 2
    (picture,) = pictures_of("A")
    assert picture["src"].startswith("/media/original_images/map-")
    assert Client().get(picture["src"]).status_code == 200


def test_the_picture_of_a_closed_article_is_closed(tmp_path: Path) -> None:
    text = "---\nvisibility: staff\n---\n# A\n\n![A map](map.png)\n\nIn ![line](map.png)."
    run(draw(plant(tmp_path / "tree", {"a.md": text}), {"map.png": png()}))
    sources = [picture["src"] for picture in pictures_of("A")]
    assert len(sources) == 2
    assert {Client().get(source).status_code for source in sources} == {404}


def test_the_order_in_which_a_database_keeps_names_says_nothing() -> None:
    made = [{"type": "callout", "value": {"text": "Mind this.", "kind": "note"}}]
    kept = [{"type": "callout", "value": {"kind": "note", "text": "Mind this."}}]
    assert again._words(made) == again._words(kept)
    other = [{"type": "callout", "value": {"kind": "note", "text": "Mind that."}}]
    assert again._words(made) != again._words(other)
