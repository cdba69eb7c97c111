"""Invented data for the design page: every component in every state, nothing from the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils import timezone

from common.pagination import Page

LONG_TITLE = (
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsversammlung"
    "sprotokollführerstellvertreterausweisverlängerungsantragsformularablagefachbeschriftungsmaschi"
    "nenersatzteil"
)

COLOURS = """
ground surface sunken raised line line-strong ink ink-2 ink-3 action action-hover
action-tint here band band-ink-2 article question case idea incident announcement ok
ok-tint wait wait-tint bad bad-tint info info-tint p2 note note-line
"""


@dataclass
class Person:
    pk: int
    display_name: str
    is_expert: bool = False
    is_authenticated: bool = True

    def __str__(self) -> str:
        return self.display_name


EWA = Person(1, "Ewa Lis", is_expert=True)
JONAS = Person(2, "Jonas Weber")
TOMAS = Person(3, "Tomás Ferreira")
ANITA = Person(4, "Anita Pohl")


@dataclass
class Thing:
    """A question, idea, article or case as its row sees it."""

    title: str
    state: str = "open"
    state_label: str = "Open"
    product: Any = None
    author: Person | None = None
    me_too_count: int = 0
    vote_count: int = 0
    comment_count: int = 0
    language: str = "en"
    summary: str = ""
    number: str = "CS-10428"
    priority: int = 3
    pk: int = 1
    hidden_at: datetime | None = None
    created_at: datetime = field(default_factory=lambda: timezone.now() - timedelta(minutes=12))

    @property
    def last_activity_at(self) -> datetime:
        return self.created_at

    checked_at = last_activity_at

    def get_absolute_url(self) -> str:
        return "#"

    def get_state_display(self) -> str:
        return self.state_label


class SampleForm(forms.Form):
    domain = forms.CharField(label="Domain", help_text="Without www.", initial="kanwa.example")
    title = forms.CharField(label="Case title")
    kind = forms.ChoiceField(
        label="Who is affected",
        choices=[("one", "One person"), ("some", "Some people"), ("all", "Everyone")],
        widget=forms.RadioSelect,
    )
    product = forms.ChoiceField(label="Product", choices=[("mail", "Mail"), ("files", "Files")])
    agree = forms.BooleanField(label="Tell me when something happens", required=False)
    body = forms.CharField(
        label="Details",
        widget=forms.Textarea(attrs={"placeholder": "Write what worked for you."}),
        required=False,
    )


def samples() -> dict[str, Any]:
    return {
        "people": {"ewa": EWA, "jonas": JONAS, "tomas": TOMAS, "anita": ANITA},
        "now": timezone.now(),
        "hour_ago": timezone.now() - timedelta(hours=3),
        "long_ago": timezone.now() - timedelta(days=300),
        "long_title": LONG_TITLE,
        "counts": [0, 1, 486, 10_000],
        "form": SampleForm(prefix="fresh"),
        "wrong_form": SampleForm({"wrong-title": ""}, prefix="wrong"),
        "page": Page(items=[], next_url="#", previous_url="#", is_first=False),
        "object": Thing("An answer"),
        **_navigation(),
        **_lists(),
        **_states(),
    }


def _navigation() -> dict[str, Any]:
    return {
        "crumbs": [("Questions", "#"), ("Calendar", "#"), ("Sharing", None)],
        "tabs": [
            {"label": "Newest", "url": "#", "is_current": True, "count": 1204},
            {"label": "Unanswered", "url": "#", "is_current": False, "count": 0},
            {"label": "Most had", "url": "#", "is_current": False, "count": None},
        ],
        "filter_groups": [
            {
                "label": "Product",
                "name": "product",
                "options": [
                    {"label": "Mail", "url": "#", "is_on": True, "count": 318},
                    {"label": "Calendar", "url": "#", "is_on": False, "count": 10_000},
                    {"label": LONG_TITLE[:60], "url": "#", "is_on": False, "count": 0},
                ],
            }
        ],
        "stations": [
            _station("article", "Read before asking", "Share a calendar with a group", "past"),
            _station("question", "This question", "Solved in 2 h 10 min", "here"),
            _station("idea", "Became an idea, planned", "Subscriptions survive a move", "past"),
            _station("announcement", "When it ships", "You and 44 others hear about it", "future"),
        ],
    }


def _station(kind: str, label: str, title: str, state: str) -> dict[str, str]:
    return {"kind": kind, "label": label, "title": title, "url": "#", "state": state}


def _lists() -> dict[str, Any]:
    calendar = SimpleNamespace(name="Calendar")
    return {
        "questions": [
            Thing(
                "Shared calendar disappears after moving a user to another unit",
                "solved",
                "Solved",
                calendar,
                EWA,
                14,
            ),
            Thing(LONG_TITLE, "open", "Open", None, None, 10_000, language="de"),
            Thing("تقويم مشترك يختفي 550 5.7.26", "open", "Open", calendar, JONAS, language="ar"),
        ],
        "ideas": [
            Thing(
                "Restore a single folder from a deleted account",
                "being_built",
                "Being built",
                calendar,
                vote_count=486,
                comment_count=12,
            ),
            Thing(
                "Calendar subscriptions survive a move between units",
                "planned",
                "Planned",
                vote_count=1,
                comment_count=1,
            ),
        ],
        "articles": [Thing("Set up SPF, DKIM and DMARC", summary="Three records, in order.")],
        "cases": [
            Thing("Mail to partner domains delayed for all of us", "with_us", "With us", priority=1)
        ],
        **_beside(),
        "facts": [
            ("Product", "Calendar"),
            ("First answer", "after 1 h 28 min"),
            ("Waiting", "45 people follow"),
        ],
    }


def _beside() -> dict[str, Any]:
    return {
        "hits": [
            SimpleNamespace(
                kind="article",
                title="Share a calendar with a group",
                url="#",
                snippet="People keep the calendar when they change units.",
                product="Calendar",
                state="",
                state_label="",
                updated_at=None,
                language="en",
            ),
            SimpleNamespace(
                kind="incident",
                title="Calendar is slow to sync",
                url="#",
                snippet="",
                product="",
                state="slow",
                state_label="Slow",
                updated_at=None,
                language="en",
            ),
        ],
        "side_rows": [
            {
                "kind": "question",
                "title": "Room calendar lost after renaming the building",
                "url": "#",
                "fact": "Solved, 3 answers",
            },
            {
                "kind": "article",
                "title": "Move people between units without losing access",
                "url": "#",
                "fact": "Article, checked 2 Nov",
            },
            {
                "kind": "incident",
                "title": "Calendar is slow to sync in the EU region",
                "url": "#",
                "fact": "Incident, going on now",
            },
        ],
    }


def _states() -> dict[str, Any]:
    return {
        "kinds": ["article", "question", "case", "idea", "incident", "announcement"],
        "states": [
            ("new", "New"),
            ("planned", "Planned"),
            ("with_specialists", "With specialists"),
            ("with_us", "With us"),
            ("waits_for_you", "Waits for you"),
            ("solved", "Solved"),
            ("declined", "Declined"),
            ("unsolved", "Closed unsolved"),
            ("merged", "Merged"),
            ("working", "Working"),
            ("slow", "Slow"),
            ("partly", "Partly down"),
            ("down", "Down"),
            ("maintenance", "Maintenance"),
        ],
        "priorities": [1, 2, 3, 4],
        "callouts": [
            ("note", "The change reaches everyone within an hour."),
            ("tip", "A group keeps its subscriptions when people move."),
            ("warning", "Step 3 sends a mail to everybody in the unit."),
            ("important", "A deleted account cannot be restored after 30 days."),
        ],
        "colours": COLOURS.split(),
    }
