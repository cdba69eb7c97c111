"""The components: whole with the least they need, and their tags."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Engine, RequestContext
from django.template.backends.django import get_installed_libraries
from django.test import RequestFactory
from django.utils import timezone, translation

from common.pagination import Page
from common.templatetags import ui
from home.design_samples import LONG_TITLE, SampleForm, samples

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = ROOT / "templates" / "components"
MISSING = "MISSING-VARIABLE"
MARKS = (ROOT / "static/img/marks.svg").read_text()
ICONS = (ROOT / "static/img/icons.svg").read_text()


def render(source: str, request: Any = None, **values: Any) -> str:
    engine = Engine(
        dirs=[ROOT / "templates"],
        libraries=get_installed_libraries(),
        string_if_invalid=MISSING,
    )
    template = engine.from_string("{% load ui %}" + source)
    context = RequestContext(request, values) if request else Context(values)
    return template.render(context)


def component(file: str, /, **values: Any) -> str:
    inputs = " ".join(f"{key}={key}" for key in values)
    source = f'{{% include "components/{file}.html" with {inputs} only %}}'
    return render(source, RequestFactory().get("/ideas/?product=mail&after=x"), **values)


SAMPLES = samples()
LEAST: dict[str, dict[str, Any]] = {
    "breadcrumbs": {"items": SAMPLES["crumbs"]},
    "trail": {"stations": SAMPLES["stations"]},
    "vote_box": {"count": 0, "is_on": False, "action": "/vote/", "name": "A folder"},
    "vote_button": {
        "count": 1,
        "is_on": True,
        "action": "/vote/",
        "label": "I have this too",
        "icon": "users-three",
    },
    "follow_button": {"is_on": False, "action": "/follow/"},
    "person": {"person": SAMPLES["people"]["ewa"]},
    "row_question": {"question": SAMPLES["questions"][1]},
    "row_idea": {"idea": SAMPLES["ideas"][0]},
    "row_article": {"article": SAMPLES["articles"][0]},
    "row_case": {"case": SAMPLES["cases"][0]},
    "row_result": {"hit": SAMPLES["hits"][0]},
    "priority": {"value": 1},
    "tabs": {"tabs": SAMPLES["tabs"], "label": "Order"},
    "filters": {"groups": SAMPLES["filter_groups"]},
    "pagination": {"page": SAMPLES["page"]},
    "empty": {"kind": "case", "title": "No cases yet"},
    "field": {"field": SampleForm()["title"]},
    "form_errors": {"form": SampleForm({})},
    "editor": {"field": SampleForm()["body"]},
    "suggestions": {"hits": SAMPLES["hits"]},
    "dialog": {"id": "close", "title": "Close?", "action": "/close/", "label": "Close it"},
    "callout": {"kind": "tip", "text": "Use a group."},
    "side_rows": {"title": "Close to this", "rows": SAMPLES["side_rows"]},
    "facts": {"rows": SAMPLES["facts"]},
    "still_stuck": {"url": "/support/"},
    "moderation_menu": {"object": SAMPLES["object"], "label": "the answer"},
}


@pytest.mark.parametrize("name", LEAST)
def test_a_component_needs_no_more_than_it_says(name: str) -> None:
    html = component(name, **LEAST[name])
    assert MISSING not in html
    assert html.strip()


def test_every_component_names_its_inputs() -> None:
    for path in COMPONENTS.glob("*.html"):
        assert path.read_text().startswith("{#"), path.name


def test_no_template_of_the_look_has_inline_style_or_script() -> None:
    paths = [*COMPONENTS.glob("*.html"), *(ROOT / "templates/design").glob("*.html")]
    for path in [*paths, ROOT / "templates/base.html"]:
        assert not re.search(r"<style|<script>|\sstyle=|\son\w+=", path.read_text()), path.name


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    used = set()
    for path in (ROOT / "templates").rglob("*.html"):
        used |= set(re.findall(r'{% icon "([\w-]+)"', path.read_text()))
    assert used
    for name in used:
        assert f'id="{name}"' in ICONS, name


def test_every_state_has_its_shape_in_the_sprite() -> None:
    for shape, _tone in [*ui.STATES.values(), *ui.STATES_OF_KIND.values()]:
        assert f'id="s-{shape}"' in MARKS, shape
    for kind in ui.KIND_LABELS:
        assert f'id="k-{kind}"' in MARKS, kind


@pytest.mark.parametrize("is_on", [True, False])
def test_a_vote_says_what_is_wanted_and_never_toggles(is_on: bool) -> None:
    html = component("vote_box", count=486, is_on=is_on, action="/vote/", name="A folder", key="k1")
    wanted = "off" if is_on else "on"
    assert re.search(rf'name="state"\s+value="{wanted}"', html)
    assert f'aria-pressed="{str(is_on).lower()}"' in html
    assert ("you voted" in html) is is_on
    assert 'name="csrfmiddlewaretoken"' in html
    assert 'name="key" value="k1"' in html
    assert 'name="next" value="/ideas/?product=mail&amp;after=x"' in html


def test_signed_out_a_vote_is_a_link_and_no_form() -> None:
    html = component("vote_box", count=1, name="A folder", signin_url="/in/")
    assert "<form" not in html
    assert 'href="/in/"' in html
    assert "1 vote, sign in to vote: A folder" in html


def test_ten_thousand_votes_fit_the_box() -> None:
    html = component("vote_box", count=10_000, is_on=False, action="/v/", name="A")
    assert ">10k<" in html
    assert 'data-count="10000"' in html
    assert ui.compact(9_999) == "9,999"
    assert ui.compact(None) == "0"


def test_long_titles_and_markup_in_names_stay_text() -> None:
    question = SAMPLES["questions"][1]
    assert LONG_TITLE in component("row_question", question=question)
    html = component("facts", rows=[("<b>", "<script>")])
    assert "<script>" not in html
    assert "&lt;b&gt;" in html


def test_a_person_wears_the_role() -> None:
    assert "Expert" in component("person", person=SAMPLES["people"]["ewa"])
    staff = component("person", person=SAMPLES["people"]["ewa"], staff=True)
    assert "Support" in staff
    assert "Expert" not in staff
    assert "Former member" in component("person", person=None)


def test_a_trail_of_many_keeps_four_in_sight() -> None:
    html = component("trail", stations=SAMPLES["stations"] * 2)
    assert html.count("trail__stop--") == 8 - 4
    assert "<details" in html
    assert component("trail", stations=[]).strip() == ""


def test_an_error_stands_at_its_field_and_in_the_summary() -> None:
    form = SampleForm({}, prefix="w")
    field = component("field", field=form["title"])
    assert 'id="id_w-title_error"' in field
    assert "This field is required." in field
    summary = component("form_errors", form=form)
    assert 'href="#id_w-title"' in summary
    assert "4 things to put right" in summary
    assert component("form_errors", form=SampleForm()).strip() == ""


def test_radios_stand_in_a_named_group() -> None:
    html = component("field", field=SampleForm()["kind"])
    assert "<fieldset" in html
    assert "<legend" in html
    assert 'class="check"' in component("field", field=SampleForm()["agree"])


def test_a_hidden_field_is_only_itself() -> None:
    class Hidden(forms.Form):
        key = forms.CharField(widget=forms.HiddenInput)

    html = component("field", field=Hidden()["key"])
    assert html.strip().startswith("<input type=")


def test_no_page_needs_no_pages() -> None:
    page = Page(items=[], next_url="", previous_url="", is_first=True)
    assert component("pagination", page=page).strip() == ""


@pytest.mark.parametrize(
    ("kind", "value", "shape", "tone"),
    [
        ("question", "Solved", "done", "ok"),
        ("idea", "being-built", "half", "info"),
        ("case", "waits_for_you", "pause", "wait"),
        ("question", "closed", "cross", ""),
        ("case", "closed", "done", "ok"),
        ("idea", "never heard of", "new", ""),
    ],
)
def test_a_state_is_a_shape_and_a_word(kind: str, value: str, shape: str, tone: str) -> None:
    html = render("{% state kind value label %}", kind=kind, value=value, label="The word")
    assert f"#s-{shape}" in html
    assert "The word" in html
    assert (f"state--{tone}" in html) is bool(tone)


@pytest.mark.parametrize(("value", "number"), [(1, 1), ("2", 2), ("P3", 3), ("", 0)])
def test_a_priority_is_read_from_any_notation(value: int | str, number: int) -> None:
    assert ui.priority_number(value) == number
    assert bool(ui.priority_word(value)) is bool(number)


def test_a_priority_says_its_word_where_there_is_room() -> None:
    assert "critical" in render("{% priority 1 full=True %}")
    assert "critical" not in render("{% priority 1 %}")


@time_machine.travel(datetime.datetime(2026, 3, 10, 12, 0, tzinfo=datetime.UTC), tick=False)
@pytest.mark.parametrize(
    ("age", "text"),
    [
        (datetime.timedelta(seconds=10), "just now"),
        (datetime.timedelta(minutes=5), "5 minutes ago"),
        (datetime.timedelta(days=2), "Mar 8"),
        (datetime.timedelta(days=300), "May 14, 2025"),
        (-datetime.timedelta(days=1), "Mar 11"),
    ],
)
def test_times_are_relative_for_a_day(age: datetime.timedelta, text: str) -> None:
    html = ui.time(timezone.now() - age)
    assert f">{text}</time>" in html
    assert 'datetime="2' in html
    assert "UTC" in html


@time_machine.travel(datetime.datetime(2026, 3, 10, 12, 0, tzinfo=datetime.UTC), tick=False)
def test_a_date_has_no_hour() -> None:
    assert ui.time(datetime.date(2026, 3, 8)) == '<time datetime="2026-03-08">Mar 8</time>'


def test_no_time_is_no_text() -> None:
    assert ui.time(None) == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ewa Lis", "EL"), ("ewa", "E"), ("", "?"), ("Jean-Luc van Dam", "JD"), ("李 明", "李明")],
)
def test_initials(name: str, letters: str) -> None:
    assert ui.initials(SimpleNamespace(display_name=name)) == letters


def test_an_avatar_keeps_its_tint() -> None:
    person = SimpleNamespace(pk=6, display_name="Ewa Lis")
    assert ui.avatar(person) == ui.avatar(person)
    assert "avatar--2" in ui.avatar(person)
    assert "avatar--you" in ui.avatar("Ewa Lis", 24, "you")


def test_a_changed_filter_starts_on_the_first_page() -> None:
    request = RequestFactory().get("/q/?product=mail&after=abc&state=open")
    html = render('{% query_string product="files" state=None kind=kinds %}', request, kinds=["a"])
    assert html == "?product=files&amp;kind=a"
    assert render("{% query_string a=1 %}") == "?"


def test_sign_in_leads_back() -> None:
    request = RequestFactory().get("/ideas/3/?a=b")
    assert render("{% next_query %}", request) == "?next=%2Fideas%2F3%2F%3Fa%3Db"
    assert render("{% next_query %}{% next_field %}{% csrf_field %}") == ""


def test_a_block_can_be_read() -> None:
    html = render('{% read_block "section" %} cases {% endread_block %}[{{ section }}]')
    assert html == "[cases]"


def test_names_of_marks_are_translated() -> None:
    with translation.override("en"):
        assert 'aria-label="Question"' in ui.mark("question")
    assert 'aria-hidden="true"' in ui.icon("bell")
    assert "#logo" in ui.sign("logo", 30)


def test_anonymous_people_have_initials_too() -> None:
    assert ui.initials(AnonymousUser()) == "A"
