"""SU-09, S-26, class 22 and 23: files of cases are private, checked, and saved rather than shown."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Membership
from posting.actions import store_upload
from posting.models import Upload
from support.actions import replies
from support.models import Case
from tests.cast import Cast
from tests.support.factories import make_case

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def tree(site_tree: None) -> None:
    """Pages need a site."""


def text_file(name: str = "headers.txt", content: bytes = b"Received: from a by b") -> Any:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast.acme, cast.alice)


def send(client: Client, case: Case, *files: Any, body: str = "With a file") -> Any:
    url = f"{case.get_absolute_url()}reply/"
    return client.post(url, {"body": body, "key": str(uuid.uuid4()), "attachments": list(files)})


def address(case: Case, upload: Upload) -> str:
    return f"{case.get_absolute_url()}files/{upload.pk}/"


def test_a_file_is_saved_under_its_name_and_never_shown(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    client = sign_in(cast.alice)
    assert send(client, case, text_file()).status_code == 302
    upload = Upload.objects.get()
    assert "headers.txt" in client.get(case.get_absolute_url()).content.decode()
    link = client.get(address(case, upload))
    assert link.status_code == 302
    answer = client.get(link["Location"])
    assert b"".join(answer.streaming_content) == b"Received: from a by b"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_only_people_of_the_case_get_a_file(cast: Cast, case: Case, sign_in: SignIn) -> None:
    """Class 23: neither the lasting address nor somebody else's link helps."""
    send(sign_in(cast.alice), case, text_file())
    upload = Upload.objects.get()
    link = sign_in(cast.alice).get(address(case, upload))["Location"]
    for name in ("bob", "carol", "mia", "della"):
        client = sign_in(getattr(cast, name))
        assert client.get(address(case, upload)).status_code == 404
        assert client.get(link).status_code == 404
    assert sign_in(cast.adam).get(address(case, upload)).status_code == 302
    assert sign_in().get(address(case, upload)).status_code == 302
    other = make_case(cast.acme, cast.alice)
    assert sign_in(cast.alice).get(address(other, upload)).status_code == 404


def test_a_link_ends_after_minutes_and_with_the_access(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    send(sign_in(cast.alice), case, text_file())
    upload = Upload.objects.get()
    client = sign_in(cast.alice)
    link = client.get(address(case, upload))["Location"]
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert sign_in(cast.alice).get(link).status_code == 404
    Membership.objects.filter(user=cast.alice).update(is_active=False)
    assert client.get(link).status_code == 404
    assert client.get(address(case, upload)).status_code == 404


def test_a_file_of_a_note_is_for_the_desk(cast: Cast, case: Case, sign_in: SignIn) -> None:
    upload = store_upload(text_file("internal.txt"), by=cast.dana, purpose="case_file")
    replies.note(case, "See the file", by=cast.dana, uploads=[upload])
    assert sign_in(cast.alice).get(address(case, upload)).status_code == 404
    page = sign_in(cast.alice).get(case.get_absolute_url()).content.decode()
    assert "internal.txt" not in page


@pytest.mark.parametrize(
    "file",
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("picture.svg", b"<svg onload='alert(1)'/>"),
        ("program.exe", b"MZ\x90\x00"),
        ("picture.png", b"not a picture"),
        ("log.txt", b"\x7fELF\x02\x01\x01\x00\x00"),
        ("empty.txt", b""),
        ("no ending", b"x"),
    ],
)
def test_wrong_files_are_refused_with_a_reason_and_the_text_is_kept(
    cast: Cast, case: Case, sign_in: SignIn, file: tuple[str, bytes]
) -> None:
    """S-26."""
    answer = send(sign_in(cast.alice), case, text_file(*file), body="Words that stay")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Words that stay" in page
    # One reason, and not a second one of the field's own.
    assert "The submitted file is empty" not in page
    assert case.messages.filter(kind="customer").count() == 1


def test_a_good_file_beside_a_bad_form_need_not_be_sent_again(
    cast: Cast, case: Case, sign_in: SignIn
) -> None:
    client = sign_in(cast.alice)
    answer = send(client, case, text_file(), body="")
    assert answer.status_code == 422
    upload = Upload.objects.get()
    assert upload.pk in answer.content.decode()
    url = f"{case.get_absolute_url()}reply/"
    client.post(url, {"body": "Now", "key": str(uuid.uuid4()), "kept": [upload.pk]})
    upload.refresh_from_db()
    assert upload.target == case.messages.latest("pk")


def test_nobody_attaches_somebody_elses_file(cast: Cast, case: Case, sign_in: SignIn) -> None:
    theirs = store_upload(text_file(), by=cast.carol, purpose="case_file")
    url = f"{case.get_absolute_url()}reply/"
    sign_in(cast.alice).post(
        url, {"body": "Mine now", "key": str(uuid.uuid4()), "kept": [theirs.pk, "x' or 1"]}
    )
    theirs.refresh_from_db()
    assert theirs.target_id is None


def test_a_new_case_brings_its_files(cast: Cast, sign_in: SignIn) -> None:
    data = {
        "organisation": cast.acme.pk,
        "subject": "Mail arrives late",
        "body": "See the headers.",
        "affected": "one",
        "usable": "yes",
        "has_workaround": "no",
        "attachments": [text_file(), text_file("more.log")],
        "key": str(uuid.uuid4()),
    }
    client = sign_in(cast.alice)
    step = client.post("/support/new/", data).content.decode()
    assert step.count('name="kept"') == 2
    kept = [upload.pk for upload in Upload.objects.all()]
    client.post("/support/new/", {**data, "attachments": [], "kept": kept, "priority": 4})
    case = Case.objects.get()
    assert {upload.target for upload in Upload.objects.all()} == {
        case.messages.get(kind="customer")
    }
