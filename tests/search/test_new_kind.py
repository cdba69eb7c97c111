"""A kind that nobody knew before needs nothing but its own searchable.py (issue 4, section 1).

The kind here is a made-up incident, kept in rows of one of Django's own tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

import search
from search import registry
from search.registry import Document, Passage, Source

pytestmark = pytest.mark.usefixtures("site_tree")


class OutageSource(Source[Group]):
    """What a `searchable.py` holds."""

    kind = "outage"
    model = Group
    label = "Outages"
    mark = "incident"
    words = ("breakdowns",)
    state_words: ClassVar = {"open": ("running",)}

    def queryset(self) -> QuerySet[Group]:
        return Group.objects.filter(name__startswith="Outage").exclude(name__contains="hidden")

    def document(self, obj: Group) -> Document:
        is_over = obj.name.endswith("over")
        return Document(
            kind=self.kind,
            object_id=str(obj.pk),
            title=f"{obj.name} of the wombat service",
            url=f"/outages/{obj.pk}",
            language="de",
            state="resolved" if is_over else "running",
            solved=is_over,
            demoted=is_over,
            passages=(
                Passage(anchor="", heading="", text="Since nine."),
                Passage(anchor="cause", heading="Die Ursache", text="A burrow under the rack."),
            ),
        )

    def visible_to(self, viewer: Any) -> QuerySet[Group]:
        return self.queryset()

    def states(self, viewer: Any = None) -> dict[str, Any]:
        return {"running": "Still running", "resolved": "Over"}


@pytest.fixture
def outages(db: None) -> Iterator[list[Group]]:
    registry.register(OutageSource)
    rows = [Group.objects.create(name=f"Outage {name}") for name in ("now", "over", "hidden")]
    search.refresh(*rows)
    yield rows
    registry.unregister("outage")


def test_its_results_and_filters(outages: list[Group], client: Client) -> None:
    html = client.get(reverse("search:results"), {"q": "wombat burrow"}).text
    assert "2 results" in html
    now = outages[0].pk
    assert f'href="/outages/{now}#cause"' in html, "leads to the section"
    assert 'lang="de"><bdi>Die Ursache</bdi>' in html
    assert 'aria-label="Outages"' in html, "the borrowed mark says its own name"
    assert re.search(r'Still running</span>\s*<span class="num">1<', html), "a filter by state"
    assert re.search(r'Not solved</span>\s*<span class="num">1<', html)
    narrowed = client.get(reverse("search:results"), {"q": "wombat", "kind": "outage"}).text
    assert "Kind:" in narrowed
    assert "<bdi>Outages</bdi>" in narrowed


@pytest.mark.parametrize("field", ["in:outages", "in:breakdowns", "is:open", "status:running"])
def test_its_words_in_the_query_language(outages: list[Group], client: Client, field: str) -> None:
    html = client.get(reverse("search:results"), {"q": f"wombat {field}"}).text
    assert f"/outages/{outages[0].pk}" in html
    assert (f"/outages/{outages[1].pk}" in html) is field.startswith("in:")


def test_its_suggestions_and_the_interface_for_programs(
    outages: list[Group], client: Client
) -> None:
    listed = client.get(reverse("search:suggest"), {"q": "womb"}).text
    assert listed.count("/outages/") == 2
    found = client.get("/api/v1/search", {"q": "wombat", "state": "resolved"}).json()
    assert [(hit["kind"], hit["state"]) for hit in found["results"]] == [("outage", "resolved")]
    outages[1].delete()
    search.refresh(outages[0])
    assert client.get("/api/v1/search", {"q": "wombat", "kind": "outage"}).json()["total"] == 1
