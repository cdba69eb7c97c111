"""The first page of the editing area, its menus, and whose language and zone it speaks."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from home.editing.panels import blocks_for
from home.setup import ensure_site
from kb.models import SectionPage
from kb.tree import help_root
from search.models_editing import QueryCount
from support.actions import handling
from tests.cast import Cast
from tests.kb.factories import make_article, make_section
from tests.support.factories import make_case
from tests.support.test_pages import staff

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def help_centre(cast: Cast, site_tree: None) -> SectionPage:
    """With the rights of the roles in it."""
    ensure_site()
    return help_root(Locale.objects.get(language_code="en"))


def titles(user: object) -> dict[str, list[str]]:
    return {block.title: [row.title for row in block.rows] for block in blocks_for(user)}


def menu_of(client: Client) -> str:
    page = client.get("/admin/").text
    found = re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    return json.dumps(json.loads(found[1]))


def test_an_agent_is_led_to_the_cases(cast: Cast, sign_in: SignIn) -> None:
    case = make_case(cast.acme, cast.alice)
    make_case(cast.acme, cast.alice)
    handling.assign(case, cast.dana, by=cast.dana)
    assert titles(cast.dana) == {
        "Cases": ["1 case is yours", "1 case belongs to nobody yet"],
    }
    page = staff(sign_in(cast.dana)).get("/admin/").text
    assert "/support/desk/?view=unassigned" in page
    # An agent edits no pages, so there are none to search.
    assert "Search all pages" not in page


def test_an_editor_sees_drafts_doubts_gaps_and_empty_searches(
    cast: Cast, help_centre: SectionPage
) -> None:
    section = make_section(help_centre)
    good = make_article(section, title="Good", checked_at=timezone.localdate())
    doubted = make_article(section, title="Doubted", checked_at=timezone.localdate())
    type(doubted).objects.filter(pk=doubted.pk).update(helpful_count=1, unhelpful_count=3)
    old = make_article(section, title="Old", checked_at=datetime.date(2020, 1, 1))
    draft = make_article(section, title="Draft", checked_at=timezone.localdate())
    type(draft).objects.filter(pk=draft.pk).update(has_unpublished_changes=True)
    QueryCount.objects.create(
        day=timezone.now().date(), language="en", text="zebra port", searches=5, empty=5
    )
    found = titles(cast.ed)
    assert found["Drafts not published yet"] == ["Draft"]
    assert found["Readers say these do not help"] == ["Doubted"]
    assert found["Not checked for a year"] == ["Old"]
    assert found["Searched for and not found, 30 days"] == ["zebra port"]
    assert {good.title, old.title} <= set(found["Not in Polski yet"])


def test_work_comes_before_what_is_done(cast: Cast) -> None:
    make_case(cast.acme, cast.alice)
    empty = [not block.rows for block in blocks_for(cast.root)]
    assert empty == sorted(empty)


@pytest.mark.parametrize("who", ["ed", "root", "dana"])
def test_the_menus_hold_what_the_role_uses(cast: Cast, sign_in: SignIn, who: str) -> None:
    menu = menu_of(staff(sign_in(getattr(cast, who))))
    assert "To the site" in menu
    for name in ("whats-new", "page-types-usage", "/admin/sites/"):
        assert name not in menu
    assert ("/admin/localize/" in menu) == (who == "ed")
    assert ("Case desk" in menu) == (who != "ed")


def test_it_speaks_to_the_person_in_their_language_and_zone(cast: Cast, sign_in: SignIn) -> None:
    """Dates of publication are in the editor's own zone; nothing is stored by looking."""
    cast.ed.language, cast.ed.time_zone = "pl", "Asia/Tokyo"
    cast.ed.save()
    answer = staff(sign_in(cast.ed)).get("/admin/")
    assert '<html lang="pl"' in answer.text
    assert answer.wsgi_request.user.wagtail_userprofile.get_current_time_zone() == "Asia/Tokyo"
    assert not UserProfile.objects.filter(user=cast.ed).exists()


def test_the_account_page_is_the_sites_own(cast: Cast, sign_in: SignIn) -> None:
    answer = staff(sign_in(cast.ed)).get("/admin/account/")
    assert answer.url == "/settings/"
