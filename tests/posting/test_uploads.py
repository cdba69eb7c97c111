"""Files from strangers (SU-09, reliability classes 20 to 23)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from PIL import Image

from common.errors import Refused
from common.tokens import sign
from posting import actions, files
from posting.integrity import checks
from posting.models import Upload
from posting.tasks import prune
from tests.cast import Cast
from tests.posting import pictures
from tests.posting.pictures import sent

pytestmark = pytest.mark.django_db


def stored(upload: Upload) -> bytes:
    with storages["private"].open(upload.stored_as) as file:
        return bytes(file.read())


def keep(cast: Cast, name: str, content: bytes, purpose: str = "image") -> Upload:
    return actions.store_upload(sent(name, content), by=cast.mia, purpose=purpose)


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.gif", "GIF"), ("a.webp", "WEBP")]
)
def test_the_four_raster_types_are_taken(cast: Cast, name: str, kind: str) -> None:
    upload = keep(cast, name, pictures.picture(kind))
    assert (upload.width, upload.height) == (40, 30)
    assert Image.open(io.BytesIO(stored(upload))).format == kind
    assert upload.size == len(stored(upload))


def test_metadata_is_gone_and_the_rotation_is_applied(cast: Cast) -> None:
    upload = keep(cast, "holiday.jpg", pictures.with_metadata())
    content = stored(upload)
    assert b"Secret Camera" not in content
    assert not Image.open(io.BytesIO(content)).getexif()
    assert (upload.width, upload.height) == (30, 40)


def test_text_chunks_are_gone(cast: Cast) -> None:
    assert b"script" not in stored(keep(cast, "a.png", pictures.with_text_chunk()))


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x03\x04 archive", b"%PDF-1.4"])
def test_what_is_hidden_behind_a_picture_is_cut_off(cast: Cast, tail: bytes) -> None:
    for kind, name in (("PNG", "a.png"), ("JPEG", "a.jpg"), ("GIF", "a.gif")):
        assert tail not in stored(keep(cast, name, pictures.picture(kind) + tail))


def test_transparency_and_palettes_survive(cast: Cast) -> None:
    target = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 40)).save(target, "PNG")
    kept = Image.open(io.BytesIO(stored(keep(cast, "a.png", target.getvalue()))))
    assert kept.convert("RGBA").getpixel((0, 0)) == (255, 0, 0, 40)
    target = io.BytesIO()
    Image.new("P", (10, 10), 0).save(target, "GIF", transparency=0)
    kept = Image.open(io.BytesIO(stored(keep(cast, "a.gif", target.getvalue()))))
    assert kept.convert("RGBA").getpixel((0, 0))[3] == 0


def test_a_short_animation_stays_one(cast: Cast) -> None:
    for kind, name in (("GIF", "a.gif"), ("WEBP", "a.webp")):
        kept = Image.open(io.BytesIO(stored(keep(cast, name, pictures.animation(5, kind=kind)))))
        assert kept.n_frames == 5


def test_an_endless_animation_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="too long"):
        keep(cast, "a.gif", pictures.animation(230))


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(cast: Cast) -> None:
    with pytest.raises(Refused, match="too many pixels"):
        keep(cast, "bomb.png", pictures.huge_png())
    with pytest.raises(Refused, match="too many pixels"):
        keep(cast, "large.png", pictures.huge_png(5_000, 5_000))
    with pytest.raises(Refused, match="too many pixels"):
        keep(cast, "long.png", pictures.huge_png(20_000, 2))
    assert not Upload.objects.exists()


@pytest.mark.parametrize("cut", [20, 40, 70])
def test_a_damaged_picture_is_refused_kindly(cast: Cast, cut: int) -> None:
    with pytest.raises(Refused, match=r"damaged|not what its name says"):
        keep(cast, "a.png", pictures.picture()[:cut])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"<html><script>alert(1)</script></html>"),
        ("a.png", b"GIF89a not really"),
        ("a.png", pictures.picture("JPEG")),
        ("a.jpg", pictures.picture("PNG")),
        ("a.gif", b"\x00\x00\x01\x00\x01\x00"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 broken"),
    ],
)
def test_content_must_be_what_the_name_says(cast: Cast, name: str, content: bytes) -> None:
    with pytest.raises(Refused):
        keep(cast, name, content)


@pytest.mark.parametrize(
    "name",
    ["a.svg", "a.html", "a.bmp", "a.tiff", "a.pdf", "png", "a.png.exe", "a", "a.php", ".png."],
)
def test_other_types_are_no_pictures(cast: Cast, name: str) -> None:
    with pytest.raises(Refused, match="not accepted"):
        keep(cast, name, pictures.picture())


def test_empty_and_too_large_files_are_refused_with_the_limit(cast: Cast, monkeypatch: Any) -> None:
    with pytest.raises(Refused, match="empty"):
        keep(cast, "a.png", b"")
    monkeypatch.setattr(files, "MAX_IMAGE", 100)
    with pytest.raises(Refused, match="up to 100\xa0bytes"):
        keep(cast, "a.png", pictures.picture())


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../../evil.txt", "never unpacked")
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("trace.log", b"2026-11-02 10:00 error"),
        ("windows.txt", "zażółć".encode("utf-16")),
        ("old.csv", "ząb;2".encode("cp1250")),
        ("net.har", b'{"log": {}}'),
        ("mail.eml", b"From: a@b.example\r\n\r\nHi"),
        ("doc.pdf", b"%PDF-1.7\n%abc"),
        ("all.zip", zipped()),
        ("screen.PNG", pictures.picture()),
    ],
)
def test_a_case_takes_what_support_needs(cast: Cast, name: str, content: bytes) -> None:
    upload = keep(cast, name, content, "case_file")
    assert upload.name == name
    if not upload.is_picture:
        assert stored(upload) == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"MZ\x90\x00\x03\x00\x00\x00"),
        ("a.log", pictures.picture()),
        ("a.csv", b"\x7fELF\x02\x01\x01\x00"),
        ("a.pdf", zipped()),
        ("a.zip", b"Rar!\x1a\x07\x00"),
        ("a.exe", b"MZ"),
        ("a.svg", b"<svg/>"),
        ("a.html", b"<html>"),
    ],
)
def test_a_case_refuses_the_rest(cast: Cast, name: str, content: bytes) -> None:
    with pytest.raises(Refused):
        keep(cast, name, content, "case_file")


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\bob\\a.txt", "a.txt"),
        ("a\r\nX-Evil: 1.txt", "a X-Evil_ 1.txt"),
        ("invoice\u202etxt.exe.txt", "invoice txt.exe.txt"),
        ('quo"te<b>.txt', "quo_te_b_.txt"),
        ("x" * 300 + ".txt", "x" * 100 + ".txt"),
        ("zażółć gęślą.txt", "zażółć gęślą.txt"),
        ("\x00\x01", "file"),
        ("...", "file"),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert files.clean_name(name) == clean


def test_a_persons_day_has_an_end(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(actions, "MAX_FILES", 2)
    keep(cast, "a.png", pictures.picture())
    keep(cast, "b.png", pictures.picture())
    with pytest.raises(Refused, match="tomorrow"):
        keep(cast, "c.png", pictures.picture())
    Upload.objects.update(created_at=timezone.now() - timedelta(days=2))
    keep(cast, "c.png", pictures.picture())


def test_the_stored_name_tells_nothing_and_leaves_the_folder_alone(
    cast: Cast, tmp_path: Path
) -> None:
    upload = keep(cast, "../secret plan.png", pictures.picture())
    assert "secret" not in upload.stored_as
    assert upload.pk not in upload.stored_as
    assert len(upload.pk) == 22
    assert (tmp_path / "private" / upload.stored_as).exists()


def test_a_row_that_cannot_be_written_leaves_no_file(
    cast: Cast, monkeypatch: Any, tmp_path: Path
) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise RuntimeError("database is away")

    monkeypatch.setattr(Upload, "save", fail)
    with pytest.raises(RuntimeError):
        keep(cast, "a.png", pictures.picture())
    assert not [path for path in (tmp_path / "private").rglob("*") if path.is_file()]


# Giving files back


def test_a_picture_is_served_to_anybody_with_its_name_and_cannot_act(
    cast: Cast, client: Client
) -> None:
    upload = keep(cast, "a.png", pictures.picture())
    answer = client.get(f"/uploads/i/{upload.pk}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    # It stands in no post yet.
    assert answer.headers["Cache-Control"] == "private, max-age=600"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert not answer.cookies


def test_a_case_file_and_a_deleted_picture_have_no_public_address(
    cast: Cast, client: Client
) -> None:
    private = keep(cast, "a.log", b"secret", "case_file")
    gone = keep(cast, "a.png", pictures.picture())
    actions.delete_upload(gone)
    for upload in (private, gone):
        assert client.get(f"/uploads/i/{upload.pk}").status_code == 404


def test_everything_but_pictures_is_saved_and_never_shown(cast: Cast) -> None:
    upload = keep(cast, "evil.txt", b"<script>alert(1)</script>", "case_file")
    answer = files.serve(upload, inline=True)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="evil.txt"'
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_private_link_is_good_for_one_person_and_ten_minutes(cast: Cast) -> None:
    """SU-09."""
    upload = keep(cast, "a.log", b"secret", "case_file")
    token = files.link_token(upload, cast.mia)
    assert files.from_token(token, cast.mia) == upload
    assert files.from_token(token, cast.bob) is None
    assert files.from_token(token + "x", cast.mia) is None
    assert files.from_token(sign("unsubscribe", [upload.pk, cast.mia.pk]), cast.mia) is None
    actions.delete_upload(upload)
    assert files.from_token(token, cast.mia) is None


def test_only_the_owner_attaches_a_file_and_only_once(cast: Cast) -> None:
    upload = keep(cast, "a.log", b"text", "case_file")
    with pytest.raises(Refused):
        actions.attach(upload, cast.acme, by=cast.bob)
    actions.attach(upload, cast.acme, by=cast.mia)
    with pytest.raises(Refused):
        actions.attach(upload, cast.birch, by=cast.mia)
    assert actions.uploads_of(cast.acme, cast.birch) == {cast.acme.pk: [upload], cast.birch.pk: []}


def test_loose_and_deleted_files_are_removed_in_the_end(cast: Cast, tmp_path: Path) -> None:
    loose = keep(cast, "a.log", b"text", "case_file")
    kept = keep(cast, "b.log", b"text", "case_file")
    actions.attach(kept, cast.acme, by=cast.mia)
    image = keep(cast, "a.png", pictures.picture())
    Upload.objects.update(created_at=timezone.now() - timedelta(days=5))
    assert prune()["uploads"] == 1
    assert not (tmp_path / "private" / loose.stored_as).exists()
    assert set(Upload.objects.all()) == {kept, image}


# The editor


def test_the_editor_gets_markdown_for_a_dropped_picture(
    cast: Cast, sign_in: Callable[..., Client]
) -> None:
    answer = sign_in(cast.mia).post(
        "/uploads/", {"file": sent("my [x](y).png", pictures.picture())}
    )
    assert answer.status_code == 201
    body = answer.json()
    assert body["url"].startswith("/uploads/i/")
    assert body["markdown"] == f"![my x y]({body['url']})"


def test_the_editor_is_told_why_a_picture_is_refused(
    cast: Cast, sign_in: Callable[..., Client]
) -> None:
    client = sign_in(cast.mia)
    assert client.post("/uploads/", {}).status_code == 422
    answer = client.post("/uploads/", {"file": sent("a.svg", b"<svg/>")})
    assert (answer.status_code, "not accepted" in answer.json()["error"]) == (422, True)


def test_a_visitor_sends_no_pictures(client: Client, db: None) -> None:
    answer = client.post("/uploads/", {"file": sent("a.png", pictures.picture())})
    assert answer.status_code == 302
    assert not Upload.objects.exists()


def test_too_many_pictures_are_answered_as_json(
    cast: Cast, sign_in: Callable[..., Client], settings: Any
) -> None:
    settings.RATE_LIMITS = {"upload": "1/m/user"}
    client = sign_in(cast.mia)
    client.post("/uploads/", {"file": sent("a.png", pictures.picture())})
    answer = client.post("/uploads/", {"file": sent("a.png", pictures.picture())})
    assert answer.status_code == 429
    assert "again in" in answer.json()["error"]


def test_the_preview_is_what_the_post_will_be(cast: Cast, sign_in: Callable[..., Client]) -> None:
    client = sign_in(cast.mia)
    answer = client.post("/uploads/preview", {"body": "**bold** <script>alert(1)</script>"})
    assert b"<strong>bold</strong>" in answer.content
    assert b"<script" not in answer.content
    answer = client.post("/uploads/preview?field=answer", {"answer": "*x*"})
    assert b"<em>x</em>" in answer.content
    assert client.get("/uploads/preview").status_code == 405


def test_integrity_finds_files_that_are_missing_or_cut(cast: Cast, tmp_path: Path) -> None:
    whole, missing, cut = (keep(cast, f"{n}.log", b"text", "case_file") for n in range(3))
    assert [faults for _name, faults in checks()] == [[]]
    (tmp_path / "private" / missing.stored_as).unlink()
    (tmp_path / "private" / cut.stored_as).write_bytes(b"te")
    faults = "".join(fault for _name, found in checks() for fault in found)
    assert missing.pk in faults
    assert cut.pk in faults
    assert whole.pk not in faults
