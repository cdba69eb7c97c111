"""A draft article from a search that found nothing."""

from __future__ import annotations

import pytest

from tests.factories import World
from tests.site import client_of

# The world stands for the whole module: no test here makes a cast of its own.
pytestmark = pytest.mark.django_db


def test_a_draft_begins_where_its_like_stand(world: World) -> None:
    """AA-02: title and language are there, in the section of the nearest article."""
    editor = client_of(world.cast.ed)
    path = "/admin/help/draft/"
    title = f"{world.article.title} again"
    response = editor.get(path, {"title": title, "language": "en"})
    parent = world.article.get_parent()
    assert response.status_code == 302
    assert response["Location"].startswith(f"{path}{parent.pk}/?")
    form = editor.get(response["Location"])
    assert form.status_code == 200
    assert f'value="{title}"' in form.text
    assert f"/admin/pages/add/kb/articlepage/{parent.pk}/" in form.text
    assert "Choose another section" in form.text
    chosen = editor.get(path, {"title": title, "language": "en", "choose": "1"}).text
    assert f"{path}{parent.pk}/?title=" in chosen


def test_drafts_are_for_editors(world: World) -> None:
    people = {name: person for name, person in world.people.items() if person is not None}
    for name, person in people.items():
        if name in {"newcomer", "gone"}:
            continue
        status = client_of(person).get("/admin/help/draft/", {"title": "kestrel"}).status_code
        assert status == (302 if name in {"ed", "root"} else 404), name
    assert "/login" in client_of(None).get("/admin/help/draft/")["Location"]
