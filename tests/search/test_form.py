"""An index that would be made otherwise today is made anew, beside the one that answers."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

import pytest
from django.test import Client

from search import tasks
from search.analysis.documents import analyse
from search.engines import engine
from search.engines.base import FORM
from search.engines.elasticsearch import encoding, mapping
from search.engines.sql.ranking import packed
from search.engines.sql.weights import posting_weights
from search.models import Collection
from search.projection import is_outdated, live
from search.query import find
from search.registry import Document
from tests.search.conftest import every_engine
from tests.search.library import Library

# What each form made of TEXTS. Another digest under the same number: raise FORM, and add a line.
DIGESTS = {1: "7c81972a380190944252f820", 2: "0339dc50548a11a694f20787"}
TEXTS = {
    "en": (
        "Reset a user's password",
        "Open https://admin.example.com, error 5.7.26 or 0x80070005.",
    ),
    "pl": ("Nie można wysyłać wiadomości", "Żółta ikona „Wstrzymane” przy skrzynce j.kowalska@…"),
    "de": ("Kontosperrungsrichtlinie ändern", "Die Straße der E-Mail-Zustellung, Sucheditor."),
    "fr": ("L'adresse de l'expéditeur", "Aujourd’hui, c'est désactivé."),
    "es": ("¿Por qué no sincroniza?", "Sincronización de calendarios compartidos."),
    "pt-br": ("Redefinição de senha", "Configurações de domínio não verificadas."),
    "it": ("Dell'organizzazione", "Perché l'accesso è bloccato?"),
    "nl": ("Wachtwoordherstelpagina", "Gebruikersbeheer zonder beheerdersrechten."),
    "tr": ("Parolanızı sıfırlayın", "İKİ adımlı doğrulama IŞIK."),
    "ja": ("予定表を共有する", "Outlookの予定表がスマートフォンと同期しません。"),
    "ko": ("비밀번호를 재설정", "사용자가 로그인할 수 없습니다."),
    "zh-hans": ("重置用户密码", "无法登录管理控制台。"),
    "ar": ("إعادة تعيين كلمة المرور", "لا يمكن للمستخدم تسجيل الدخول."),
    "uk": ("Скинути пароль", "Користувач не може увійти."),
    "ru": ("Сбросить пароль", "Ёлка не синхронизируется."),
    "th": ("รีเซ็ตรหัสผ่าน", "ผู้ใช้เข้าสู่ระบบไม่ได้"),
}


def _kept(language: str, title: str, body: str) -> list[Any]:
    """All that either engine keeps of a text."""
    text = analyse(title, body, language, ("two-step sign-in",))
    document = Document(
        kind="note", object_id="1", title=title, url="", body=body, language=language, family="f"
    )
    return [
        sorted(posting_weights(text, (7.0, 120.0))),
        packed(text, encoding.number_of).hex(),
        sorted(encoding.encode(document, text, (7.0, 120.0), 1).items()),
    ]


def _digest() -> str:
    kept = [_kept(language, *texts) for language, texts in sorted(TEXTS.items())]
    written = json.dumps([kept, mapping.body(1)], sort_keys=True, default=str)
    return blake2b(written.encode(), digest_size=12).hexdigest()


def test_what_is_kept_of_a_text_has_a_number() -> None:
    """A release that changes it, or a newer stemmer, raises FORM: old indexes are made anew."""
    assert max(DIGESTS) == FORM
    assert DIGESTS[FORM] == _digest()


@every_engine
@pytest.mark.parametrize("differs", [{"form": FORM - 1}, {"made_by": "another engine"}])
def test_an_index_of_another_form_is_made_anew(library: Library, differs: dict[str, Any]) -> None:
    library.add("Mailbox of the old form")
    before = live()
    assert not is_outdated(before)
    Collection.objects.filter(pk=before.pk).update(**differs)
    assert Client().get("/readyz").json()["parts"]["search"]["is_outdated"]
    tasks.renew()
    made = live()
    assert (made.pk > before.pk, made.form, made.made_by) == (True, FORM, engine().made_by)
    assert [hit.title for hit in find("mailbox", viewer=None).hits] == ["Mailbox of the old form"]
    tasks.renew()
    assert live().pk == made.pk
    assert not Client().get("/readyz").json()["parts"]["search"]["is_outdated"]


def test_a_later_form_is_left_to_the_later_release(library: Library) -> None:
    """Two releases side by side do not make it anew in turn."""
    library.add("Mailbox")
    before = live()
    Collection.objects.filter(pk=before.pk).update(form=FORM + 1)
    tasks.renew()
    assert live().pk == before.pk
