"""Sign-up and sign-in: codes, one spelling of addresses, nothing told to strangers (AC-01, S-45)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.forms import clean_display_name
from accounts.models import User
from tests.cast import Cast, make_person

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LOGIN, CODE, SIGN_UP = "/accounts/login/", "/accounts/login/code/", "/accounts/signup/"


def code_of(message: Any) -> str:
    return re.findall(r"^(\d{6})$", message.body, re.MULTILINE)[0]


def without_noise(page: bytes, *words: str) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.decode())
    for word in words:
        text = text.replace(word, "")
    return text


def sign_up(client: Client, email: str, **more: str) -> Any:
    return client.post(SIGN_UP, {"email": email, "display_name": "Nina Nord", **more}, follow=True)


def test_sign_up_by_code(client: Client) -> None:
    """AC-01"""
    sign_up(client, "Nina@Nord.Example")
    assert "_auth_user_id" not in client.session
    person = User.objects.get()
    assert (person.email, person.display_name) == ("nina@nord.example", "Nina Nord")
    [message] = mail.outbox
    assert message.to == ["nina@nord.example"]
    client.post("/accounts/confirm-email/", {"code": code_of(message)})
    assert client.session["_auth_user_id"] == str(person.pk)
    assert EmailAddress.objects.get().verified


def test_sign_in_by_code_comes_back(client: Client) -> None:
    """S-45: back to where the person was."""
    person = make_person("Mia")
    page = client.get(f"{LOGIN}?next=/community/ask")
    assert "Sign in to post your question. It is kept." in page.content.decode()
    response = client.post(CODE, {"email": person.email, "next": "/community/ask"})
    assert "next=" in response.url
    confirm = client.get(response.url)
    assert "It is kept." in confirm.content.decode()
    response = client.post(
        "/accounts/login/code/confirm/", {"code": code_of(mail.outbox[0]), "next": "/community/ask"}
    )
    assert response.url == "/community/ask"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_code_works_three_times_at_most(client: Client) -> None:
    person = make_person("Mia")
    client.post(CODE, {"email": person.email})
    for _attempt in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "000000"})
    client.post("/accounts/login/code/confirm/", {"code": code_of(mail.outbox[0])})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "http://localhost.evil.example/",
        "\thttps://evil.example",
    ],
)
def test_next_never_leaves_the_site(client: Client, target: str) -> None:
    """Reliability class 16, S-45"""
    person = make_person("Mia")
    page = client.get(LOGIN, {"next": target})
    assert (
        "evil"
        not in re.sub(r"<nav.*?</nav>", "", page.content.decode(), flags=re.DOTALL).replace(
            "&amp;", "&"
        )
        or 'name="next"' not in page.content.decode()
    )
    client.post(CODE, {"email": person.email, "next": target})
    response = client.post(
        "/accounts/login/code/confirm/", {"code": code_of(mail.outbox[0]), "next": target}
    )
    assert response.url == "/"
    response = client.post("/accounts/logout/", {"next": target})
    assert response.url == "/"


def test_known_and_unknown_addresses_look_the_same(cast: Cast) -> None:
    """AC-01, reliability class 25: same page, one mail each, for sign-in, reset and sign-up."""
    for number, path in enumerate((CODE, "/accounts/password/reset/", SIGN_UP)):
        pages = []
        # A stranger is told once an hour that there is no account.
        for email in (cast.mia.email, f"zoe{number}@people.example"):
            mail.outbox = []
            client = Client()
            data = {"email": email, "display_name": "Some One"}
            response = client.post(path, data, follow=True)
            assert len(mail.outbox) == 1, (path, email)
            steps = [(re.sub(r"=.*", "", url), status) for url, status in response.redirect_chain]
            pages.append((steps, without_noise(response.content, email)))
        assert pages[0] == pages[1], path


def test_sign_up_hashes_a_password_either_way(cast: Cast, monkeypatch: Any) -> None:
    """Reliability class 25: hashing is what would be seen from outside."""
    hashed: list[str] = []
    real = User.set_password
    monkeypatch.setattr(
        User, "set_password", lambda self, raw: (hashed.append(raw), real(self, raw))[1]
    )
    counts = []
    before = User.objects.count()
    for email in (cast.mia.email or "", "zoe@people.example"):
        hashed.clear()
        sign_up(Client(), email, password1="right and long")
        counts.append(hashed.count("right and long"))
    assert counts == [1, 1]
    assert User.objects.count() == before + 1


def test_password_errors_do_not_tell(cast: Cast) -> None:
    pages = []
    for email in (cast.mia.email, "zoe@people.example"):
        response = Client().post(LOGIN, {"login": email, "password": "wrong"})
        pages.append(without_noise(response.content, email))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    "spelling", ["MIA@people.example", "mia@ｐeople.example", " mia@people.example "]
)
def test_one_spelling_of_an_address(cast: Cast, client: Client, spelling: str) -> None:
    """Reliability class 29: the mail goes to the stored address, and no second account is made."""
    client.post(CODE, {"email": spelling})
    assert mail.outbox[-1].to == ["mia@people.example"]
    assert "Your sign-in code" in mail.outbox[-1].subject
    before = User.objects.count()
    sign_up(Client(), spelling)
    assert User.objects.count() == before


def test_addresses_are_unique_in_the_database(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ＭIA@people.example", display_name="Twin")


def test_honeypot(client: Client) -> None:
    """Programs fill in every field; people do not see this one."""
    response = sign_up(client, "bot@spam.example", website="https://spam.example")
    assert response.status_code == 200
    assert not User.objects.exists()


def test_rate_limits(client: Client) -> None:
    """Sign-up by network address, codes by e-mail address, passwords by both."""
    statuses = [client.post(SIGN_UP, {"email": "x"}).status_code for _n in range(11)]
    assert statuses[:10] == [200] * 10
    assert statuses[10] == 429
    person = make_person("Mia")
    for n in range(6):
        Client(REMOTE_ADDR=f"10.0.0.{n}").post(CODE, {"email": person.email})
    assert len(mail.outbox) == 3


def test_password_guessing_is_slowed(cast: Cast) -> None:
    cast.mia.set_password("right and long")
    cast.mia.save()
    for n in range(6):
        Client(REMOTE_ADDR=f"10.0.1.{n}").post(
            LOGIN, {"login": cast.mia.email, "password": "wrong"}
        )
    client = Client(REMOTE_ADDR="10.0.2.1")
    client.post(LOGIN, {"login": cast.mia.email, "password": "right and long"})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "name",
    ["see evil.zip now", "https://x", "www.x", "a@b.c", "<b>x", "evil。com", "t.co/x y", "x"],
)
def test_names_that_look_like_links_are_refused(name: str) -> None:
    """Reliability class 4"""
    with pytest.raises(Exception, match=r"name|letters"):
        clean_display_name(name)


@pytest.mark.parametrize(
    "name", ["J. R. Smith", "Łucja Żak", "Dr. Müller", "O’Neill-Adams", "李 小龙"]
)
def test_names_of_people_are_taken(name: str) -> None:
    assert clean_display_name(name) == name


def test_control_characters_in_names_are_cleaned() -> None:
    assert clean_display_name("Ni\x00na\u202e\r\nNord") == "Nina Nord"


def test_inactive_person_is_out_at_once(cast: Cast, sign_in: SignIn) -> None:
    """Reliability class 27"""
    client = sign_in(cast.mia)
    assert client.get("/settings/").status_code == 200
    User.objects.filter(pk=cast.mia.pk).update(is_active=False)
    assert client.get("/settings/").status_code == 302
    client.post(CODE, {"email": cast.mia.email})
    assert "no account" in mail.outbox[-1].subject


def test_a_stranger_is_told_once_an_hour(cast: Cast) -> None:
    """Reliability class 14: whoever types somebody's address cannot fill their box."""
    for address in ("nobody@else.example", "Nobody@Else.example", "another@else.example"):
        Client().post(CODE, {"email": address})
    assert [letter.to for letter in mail.outbox] == [
        ["nobody@else.example"],
        ["another@else.example"],
    ]
    cache.clear()
    Client().post(CODE, {"email": "nobody@else.example"})
    assert len(mail.outbox) == 3
    for _attempt in range(2):
        Client().post(CODE, {"email": cast.mia.email})
    assert len(mail.outbox) == 5


def test_password_change_ends_other_sessions(cast: Cast) -> None:
    """Reliability class 27, ASVS 7.4.3"""
    cast.mia.set_password("right and long")
    cast.mia.save()
    here, there = Client(), Client()
    for client in (here, there):
        client.post(LOGIN, {"login": cast.mia.email, "password": "right and long"})
        assert client.get("/settings/").status_code == 200
    assert UserSession.objects.filter(user=cast.mia).count() == 2
    data = {
        "oldpassword": "right and long",
        "password1": "new and longer",
        "password2": "new and longer",
    }
    here.post("/accounts/password/change/", data)
    assert here.get("/settings/").status_code == 200
    assert there.get("/settings/").status_code == 302
    assert "password was changed" in mail.outbox[-1].subject


def test_sign_out_others(cast: Cast) -> None:
    """AC-06"""
    cast.mia.set_password("right and long")
    cast.mia.save()
    here, there = Client(HTTP_USER_AGENT="Here"), Client(HTTP_USER_AGENT="There")
    for client in (here, there):
        client.post(LOGIN, {"login": cast.mia.email, "password": "right and long"})
    page = here.get("/accounts/sessions/").content.decode()
    assert "There" in page
    assert "This device" in page
    here.post("/accounts/sessions/")
    assert here.get("/settings/").status_code == 200
    assert there.get("/settings/").status_code == 302


def test_demo_people_have_no_sign_in_in_production(
    cast: Cast, client: Client, settings: Any
) -> None:
    User.objects.filter(pk=cast.mia.pk).update(is_demo=True)
    settings.IS_PRODUCTION, settings.IS_DEMO = True, False
    client.post(CODE, {"email": cast.mia.email})
    client.post("/accounts/login/code/confirm/", {"code": code_of(mail.outbox[0])})
    assert "_auth_user_id" not in client.session
    assert client.post("/demo/sign-in/", {"person": cast.mia.pk}).status_code == 404


def test_sign_out_needs_post(cast: Cast, sign_in: SignIn) -> None:
    """Reliability class 17"""
    client = sign_in(cast.mia)
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session


def test_mail_speaks_the_readers_language(cast: Cast, client: Client) -> None:
    """Text and HTML, in the language of the account and not of the page."""
    User.objects.filter(pk=cast.mia.pk).update(language="pl")
    client.post(CODE, {"email": cast.mia.email})
    message = mail.outbox[0]
    html = message.alternatives[0].content
    assert '<html lang="pl"' in html
    assert code_of(message) in html
    assert message.from_email
    assert "localhost:8000" not in message.body


def test_who_asks_for_many_codes_is_not_told_of_failures() -> None:
    for _ in range(4):
        answer = Client().post("/accounts/login/code/", {"email": "mia@people.example"})
    assert "Wait a few minutes" in answer.text
    assert "failed" not in answer.text
