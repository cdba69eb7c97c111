"""People, organisations, plans, products and tags in Wagtail's admin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from accounts.models import User
from accounts.roles import ensure_groups
from jobs.testing import drain
from products.models import Product, Tag
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LISTS = ["people", "organisations", "plans", "products", "tags"]


@pytest.mark.parametrize("name", LISTS)
def test_administrators_see_every_list(
    cast: Cast, site_tree: None, sign_in: SignIn, name: str
) -> None:
    Product.objects.create(code="mail", names={"en": "Mail"})
    client = sign_in(cast.root)
    assert client.get(f"/admin/{name}/").status_code == 200
    assert client.get(f"/admin/{name}/?q=a").status_code == 200


def test_administrator_closes_an_account(cast: Cast, site_tree: None, sign_in: SignIn) -> None:
    """Reliability class 27; the address is not on the form and is not taken from it."""
    theirs = sign_in(cast.mia)
    theirs.get("/settings/")
    client = sign_in(cast.root)
    path = f"/admin/people/edit/{cast.mia.pk}/"
    assert "mia@people.example" not in client.get(path).content.decode()
    data = {
        "display_name": "Mia",
        "language": "en",
        "time_zone": "UTC",
        "email": "x@evil.example",
        "is_superuser": "on",
    }
    assert client.post(path, data).status_code == 302
    person = User.objects.get(pk=cast.mia.pk)
    assert not person.is_active
    assert not person.is_superuser
    assert person.email == "mia@people.example"
    assert theirs.get("/settings/").status_code == 302


def test_names_are_one_line_here_too(cast: Cast, site_tree: None, sign_in: SignIn) -> None:
    """They stand in the subjects of mails, and a mail program makes links of addresses (class 4)."""
    common = {"language": "en", "time_zone": "UTC", "is_active": "on"}
    path = f"/admin/organisations/edit/{cast.acme.pk}/"
    name = "Acme\r\nBcc: x@evil.example\u2028\x0bInc"
    assert sign_in(cast.dana).post(path, {"name": name, **common}).status_code == 302
    cast.acme.refresh_from_db()
    assert cast.acme.name == "Acme Bcc: x@evil.example Inc"
    client = sign_in(cast.root)
    path = f"/admin/people/edit/{cast.mia.pk}/"
    assert client.post(path, {"display_name": "See evil.example", **common}).status_code == 200
    assert client.post(path, {"display_name": "Mia\r\nTwo", **common}).status_code == 302
    cast.mia.refresh_from_db()
    assert cast.mia.display_name == "Mia Two"


def test_people_are_neither_made_nor_deleted(cast: Cast, site_tree: None, sign_in: SignIn) -> None:
    client = sign_in(cast.root)
    before = set(User.objects.values_list("pk", flat=True))
    for path in ("/admin/people/new/", f"/admin/people/delete/{cast.mia.pk}/"):
        response = client.post(path, {"display_name": "X", "language": "en", "time_zone": "UTC"})
        assert response.status_code in {302, 404}
    assert set(User.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize(
    ("name", "lists"),
    [
        ("dana", {"people", "organisations"}),
        ("pam", {"products"}),
        ("erin", {"tags"}),
        ("ed", set()),
    ],
)
def test_each_role_sees_its_own_lists(
    cast: Cast, site_tree: None, sign_in: SignIn, name: str, lists: set[str]
) -> None:
    client = sign_in(getattr(cast, name))
    seen = {item for item in LISTS if client.get(f"/admin/{item}/").status_code == 200}
    assert seen == lists


def test_agents_do_not_edit_people(cast: Cast, site_tree: None, sign_in: SignIn) -> None:
    response = sign_in(cast.dana).post(
        f"/admin/people/edit/{cast.dana.pk}/", {"groups": Group.objects.get(name="moderator").pk}
    )
    assert response.status_code == 302
    assert [group.name for group in cast.dana.groups.all()] == ["agent"]


def test_editors_get_the_pages_that_exist(cast: Cast, site_tree: None) -> None:
    home = Page.get_first_root_node().add_child(instance=Page(title="Home", slug="home-x"))
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    editor = ensure_groups()["editor"]
    ensure_groups()
    names = GroupPagePermission.objects.filter(group=editor, page=home).values_list(
        "permission__codename", flat=True
    )
    assert {"add_page", "change_page", "publish_page"} <= set(names)
    files = GroupCollectionPermission.objects.filter(group=editor).values_list(
        "permission__codename", flat=True
    )
    assert {"add_image", "choose_document"} <= set(files)
    assert len(names) == len(set(names))


def test_specialists_do_not_open_the_admin(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.sam).get("/admin/").status_code == 404


def test_codes_and_slugs_are_said_once(cast: Cast, site_tree: None, sign_in: SignIn) -> None:
    """Addresses, imports and search entries hold them."""
    client = sign_in(cast.root)
    names = {"names_en": "Post", "icon": "folder", "position": "1"}
    made = client.post("/admin/products/add/", {"code": "mail", **names, "is_active": "on"})
    assert made.status_code == 302
    product = Product.objects.get(code="mail")
    path = f"/admin/products/edit/{product.pk}/"
    assert "Addresses and search hold it" in client.get(path).content.decode()
    data = {"code": "other", **names, "position": "7"}
    assert client.post(path, data).status_code == 302
    product.refresh_from_db()
    assert (product.code, product.position) == ("mail", 7)
    tag = Tag.objects.create(slug="dns", name="dns")
    client.post(f"/admin/tags/edit/{tag.pk}/", {"name": "DNS", "slug": "elsewhere"})
    tag.refresh_from_db()
    assert (tag.slug, tag.name) == ("dns", "DNS")


def test_a_zone_is_chosen_from_those_there_are(
    cast: Cast, site_tree: None, sign_in: SignIn
) -> None:
    client, path = sign_in(cast.root), f"/admin/people/edit/{cast.mia.pk}/"
    assert '<option value="Europe/Warsaw">' in client.get(path).content.decode()
    data = {"display_name": "Mia", "language": "en", "is_active": "on"}
    assert client.post(path, data | {"time_zone": "Nowhere/City"}).status_code == 200
    assert client.post(path, data | {"time_zone": "Europe/Warsaw"}).status_code == 302
    cast.mia.refresh_from_db()
    assert cast.mia.time_zone == "Europe/Warsaw"


def test_saving_people_and_organisations_queues_no_job(
    cast: Cast, site_tree: None, sign_in: SignIn
) -> None:
    """Wagtail keeps track of references of what its admin edits, from when the admin is loaded."""
    sign_in(cast.root).get("/admin/organisations/")
    drain()
    cast.acme.save()
    cast.mia.save()
    assert drain() == 0


def test_refused_bulk_actions_name_nothing(cast: Cast, sign_in: SignIn) -> None:
    """Wagtail asks for no right before it lists what may not be deleted."""
    address = f"/admin/bulk/accounts/organisation/delete/?id={cast.acme.pk}"
    for person in (cast.erin, cast.ed, cast.dana):
        assert cast.acme.name not in sign_in(person).get(address).text
    assert cast.acme.name in sign_in(cast.root).get(address).text


def test_roles_are_ticked_by_name_and_other_groups_are_not_offered(
    cast: Cast, site_tree: None, sign_in: SignIn
) -> None:
    other = Group.objects.create(name="Weathermen")
    client, path = sign_in(cast.root), f"/admin/people/edit/{cast.mia.pk}/"
    page = client.get(path).text
    assert "Product manager" in page
    assert "product_manager" not in page
    assert "Weathermen" not in page
    data = {
        "display_name": "Mia", "language": "en", "is_active": "on", "time_zone": "Europe/Warsaw"
    }  # fmt: skip
    assert client.post(path, {**data, "groups": [str(other.pk)]}).status_code == 200
    moderator = Group.objects.get(name="moderator")
    assert client.post(path, {**data, "groups": [str(moderator.pk)]}).status_code == 302
    assert [group.name for group in cast.mia.groups.all()] == ["moderator"]
