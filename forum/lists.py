"""The list of questions: rows from plain values, filters with stored counts."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from common.addresses import numbered
from common.filters import Linker, option
from common.pagination import Page, keyset
from forum.models import Answer, Question, State, TagTally, Tally
from products.models import Product

PAGE_SIZE = 20
_TAGS_SHOWN = 12
_COLUMNS = (
    *("pk", "title", "slug", "language", "state", "solved_at", "product_id", "created_at"),
    *("me_too_count", "duplicate_of_id", "author__display_name"),
)
ORDERS = {
    "newest": ("-created_at", "-pk"),
    "unanswered": ("-created_at", "-pk"),
    "most": ("-me_too_count", "-pk"),
    "mine": ("-created_at", "-pk"),
}


@dataclass(frozen=True)
class Row:
    """What components/row_question.html reads."""

    pk: int
    title: str
    slug: str
    language: str
    state: str
    product: Any
    author: Any
    created_at: datetime.datetime
    me_too_count: int
    state_label: str

    def get_absolute_url(self) -> str:
        return numbered("forum:question", self.pk, self.slug)

    def get_state_display(self) -> str:
        return self.state_label


def shown_state(state: str, *, is_solved: bool, is_duplicate: bool) -> tuple[str, str]:
    """Ring and word: an archived question that was solved keeps its check (FO-01)."""
    if is_solved:
        archived = state == State.ARCHIVED
        return State.SOLVED.value, _("Solved, archived") if archived else _("Solved")
    if is_duplicate:
        return "duplicate", _("Asked before")
    return state, str(State(state).label)


@dataclass(frozen=True)
class Choice:
    """What the reader chose; anything not in the allow-list counts as nothing."""

    tab: str = "newest"
    product: Product | None = None
    state: str = ""
    language: str = ""
    tag: str = ""

    @property
    def chosen(self) -> int:
        return sum(1 for value in (self.product, self.state, self.language, self.tag) if value)


def read_choice(request: HttpRequest, products: list[Product]) -> Choice:
    query = request.GET
    tab = query.get("tab", "newest")
    if tab not in ORDERS or (tab == "mine" and not request.user.is_authenticated):
        tab = "newest"
    by_code = {product.code: product for product in products}
    state = query.get("state", "")
    return Choice(
        tab=tab,
        product=by_code.get(query.get("product", "")),
        state=state if state in State.values else "",
        language=query.get("lang", "")[:12].replace("\x00", ""),
        tag=query.get("tag", "")[:60].replace("\x00", ""),
    )


def questions(choice: Choice, viewer: Any) -> Any:
    rows = Question.objects.public()
    if choice.tab == "unanswered":
        rows = rows.unanswered()
    elif choice.tab == "mine":
        answered = Answer.objects.public().filter(author=viewer).values("question")
        rows = rows.filter(Q(author=viewer) | Q(pk__in=answered))
    if choice.product:
        rows = rows.filter(product=choice.product)
    if choice.state:
        rows = rows.filter(state=choice.state)
    if choice.language:
        rows = rows.filter(language=choice.language)
    if choice.tag:
        rows = rows.filter(tags__slug=choice.tag)
    return rows


def page_of(choice: Choice, request: HttpRequest, products: list[Product]) -> Page:
    by_pk = {product.pk: product for product in products}
    found = keyset(
        questions(choice, request.user).values(*_COLUMNS),
        request,
        order=ORDERS[choice.tab],
        size=PAGE_SIZE,
    )
    return replace(found, items=[_row(values, by_pk) for values in found.items])


def _row(values: dict[str, Any], products: dict[int, Product]) -> Row:
    solved = values.pop("solved_at") is not None
    duplicate = values.pop("duplicate_of_id") is not None
    state, label = shown_state(values.pop("state"), is_solved=solved, is_duplicate=duplicate)
    return Row(
        author=SimpleNamespace(
            display_name=values.pop("author__display_name") or _("Former member")
        ),
        product=products.get(values.pop("product_id") or 0),
        state=state,
        state_label=label,
        **values,
    )


def filters(choice: Choice, request: HttpRequest, products: list[Product]) -> list[dict[str, Any]]:
    """Groups for components/filters.html; the counts hold for the other choices made."""
    cube = list(
        Tally.objects.filter(count__gt=0).values_list("product_key", "state", "language", "count")
    )
    counted = choice.tab in {"newest", "most"} and not choice.tag
    link = Linker(request)
    groups: list[dict[str, Any]] = [
        {
            "label": _("State"),
            "name": "state",
            "options": [
                option(link, "state", value, label, choice.state == value, count)
                for value, label, count in _states(cube, choice)
            ],
        },
        {
            "label": _("Product"),
            "name": "product",
            "options": [
                option(link, "product", p.code, p.name, p == choice.product, count)
                for p, count in _products(cube, choice, products)
            ],
        },
        {
            "label": _("Language"),
            "name": "lang",
            "options": [
                option(link, "lang", code, label, choice.language == code, count)
                for code, label, count in _languages(cube, choice)
            ],
        },
        {"label": _("Tags"), "name": "tag", "options": _tags(link, choice)},
    ]
    if not counted:
        # Stored counts know nothing of "mine" or of tags: better none than wrong ones.
        for group in groups[:3]:
            group["options"] = [{**option, "count": None} for option in group["options"]]
    return [group for group in groups if len(group["options"]) > 1 or choice.chosen]


Cube = list[tuple[int, str, str, int]]


def _sum(
    cube: Cube, choice: Choice, *, product: int = 0, state: str = "", language: str = ""
) -> int:
    key = product or (choice.product.pk if choice.product and product == 0 else 0)
    return sum(
        count
        for row_product, row_state, row_language, count in cube
        if (not key or row_product == key)
        and (not state or row_state == state)
        and (not language or row_language == language)
    )


def _states(cube: Cube, choice: Choice) -> list[tuple[str, str, int]]:
    counts = [
        (value, str(label), _sum(cube, choice, state=value, language=choice.language))
        for value, label in State.choices
    ]
    return [row for row in counts if row[2] or row[0] == choice.state]


def _products(cube: Cube, choice: Choice, products: list[Product]) -> list[tuple[Product, int]]:
    rows = [
        (p, _sum(cube, choice, product=p.pk, state=choice.state, language=choice.language))
        for p in products
    ]
    return [(p, n) for p, n in rows if n or p == choice.product]


def _languages(cube: Cube, choice: Choice) -> list[tuple[str, str, int]]:
    names = dict(settings.LANGUAGES)
    codes = sorted({row[2] for row in cube} | ({choice.language} if choice.language else set()))
    rows = [
        (
            code,
            names.get(code) or _local_name(code),
            _sum(cube, choice, state=choice.state, language=code),
        )
        for code in codes
    ]
    return sorted((row for row in rows if row[2] or row[0] == choice.language), key=lambda r: -r[2])


def _local_name(code: str) -> str:
    """The language's own name; imports bring languages that the interface does not have."""
    return str(LANG_INFO.get(code, {}).get("name_local", code))


def _tags(link: Linker, choice: Choice) -> list[dict[str, Any]]:
    rows = TagTally.objects.filter(count__gt=0).order_by("-count", "tag__name")
    found = list(rows.values_list("tag__slug", "tag__name", "count")[:_TAGS_SHOWN])
    if choice.tag and choice.tag not in {slug for slug, _name, _count in found}:
        found.insert(0, (choice.tag, choice.tag, 0))
    plain = choice == Choice()
    return [
        option(link, "tag", slug, name, slug == choice.tag, count if plain else None)
        for slug, name, count in found
    ]


def tabs(choice: Choice, request: HttpRequest) -> list[dict[str, Any]]:
    link = Linker(request)
    labels = {
        "newest": _("Newest"),
        "unanswered": _("Unanswered"),
        "most": _("Most had"),
        "mine": _("Mine"),
    }
    if not request.user.is_authenticated:
        del labels["mine"]
    return [
        {
            "label": label,
            "url": link("tab", "" if tab == "newest" else tab),
            "is_current": tab == choice.tab,
            "count": None,
        }
        for tab, label in labels.items()
    ]
