"""The list of ideas: what the reader chose, and the filters with their counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from common.addresses import numbered
from common.filters import Linker, option
from common.pagination import Page, keyset
from ideas.models import Idea, IdeaVote, Stage
from links.models import type_of
from notifications.models import Subscription
from products.models import Product

PAGE_SIZE = 20
ORDERS = {
    "trending": ("-trend", "-pk"),
    "wanted": ("-vote_count", "-pk"),
    "newest": ("-created_at", "-pk"),
    "changed": ("-last_activity_at", "-pk"),
    "mine": ("-last_activity_at", "-pk"),
}
# What is decided needs no more votes; it stands in the other tabs and under its stage.
_LIVE_ONLY = frozenset({"trending", "wanted"})


@dataclass(frozen=True)
class Choice:
    """What the reader chose; anything not in the allow-list counts as nothing."""

    tab: str = "trending"
    stage: Stage | None = None
    product: Product | None = None
    tag: str = ""

    @property
    def chosen(self) -> int:
        return sum(1 for value in (self.stage, self.product, self.tag) if value)


@dataclass(frozen=True)
class Row:
    """What the list shows of one idea, and whether the reader voted for it."""

    idea: Idea
    is_on: bool
    vote_url: str


def read_choice(request: HttpRequest, stages: list[Stage], products: list[Product]) -> Choice:
    query = request.GET
    tab = query.get("sort", "trending")
    if tab not in ORDERS or (tab == "mine" and not request.user.is_authenticated):
        tab = "trending"
    return Choice(
        tab=tab,
        stage={stage.code: stage for stage in stages}.get(query.get("stage", "")),
        product={product.code: product for product in products}.get(query.get("product", "")),
        tag=query.get("tag", "")[:60].replace("\x00", ""),
    )


def ideas_of(choice: Choice, viewer: Any) -> Any:
    rows = Idea.objects.public()
    if choice.tab == "mine":
        rows = rows.filter(_mine(viewer))
    if choice.stage:
        rows = rows.filter(stage=choice.stage)
    elif choice.tab in _LIVE_ONLY:
        rows = rows.live()
    if choice.product:
        rows = rows.filter(product=choice.product)
    if choice.tag:
        rows = rows.filter(tags__slug=choice.tag)
    return rows


def _mine(viewer: Any) -> Q:
    """Written, voted for or followed."""
    votes = IdeaVote.objects.filter(user=viewer)
    follows = Subscription.objects.filter(user=viewer, target_type=type_of(Idea)).exclude(
        level=Subscription.Level.NONE
    )
    return (
        Q(author=viewer, shown_as=Idea.ShownAs.PERSON)
        | Q(pk__in=votes.values("target"))
        | Q(pk__in=follows.values("target_id"))
    )


def page_of(choice: Choice, request: HttpRequest) -> Page:
    rows = ideas_of(choice, request.user).select_related("stage", "product")
    page = keyset(rows, request, order=ORDERS[choice.tab], size=PAGE_SIZE)
    voted = voted_among(page.items, request.user)
    signed_in = request.user.is_authenticated
    items = [
        Row(
            idea=idea,
            is_on=idea.pk in voted,
            vote_url=numbered("ideas:vote", idea.pk) if signed_in and idea.is_open else "",
        )
        for idea in page.items
    ]
    return replace(page, items=items)


def voted_among(ideas: list[Idea], viewer: Any) -> set[int]:
    if not viewer.is_authenticated or not ideas:
        return set()
    rows = IdeaVote.objects.filter(user=viewer, target__in=[idea.pk for idea in ideas])
    return set(rows.values_list("target_id", flat=True))


def filters(
    choice: Choice, request: HttpRequest, stages: list[Stage], products: list[Product]
) -> list[dict[str, Any]]:
    """Groups for components/filters.html; each counts what choosing it would show."""
    link = Linker(request)
    by_stage, by_product = _counts(choice, stages)
    # The counts know nothing of "mine" or of tags: better none than wrong ones.
    counted = choice.tab != "mine" and not choice.tag
    stage_options = [
        option(link, "stage", row.code, row.name, row == choice.stage, by_stage[row.pk])
        for row in stages
    ]
    product_options = [
        option(link, "product", row.code, row.name, row == choice.product, by_product[row.pk])
        for row in products
        if by_product[row.pk] or row == choice.product
    ]
    groups: list[dict[str, Any]] = [
        {"label": _("Stage"), "name": "stage", "options": stage_options},
        {"label": _("Product"), "name": "product", "options": product_options},
    ]
    if choice.tag:
        options = [option(link, "tag", choice.tag, choice.tag, True, None)]
        groups.append({"label": _("Tag"), "name": "tag", "options": options})
    if not counted:
        for group in groups:
            group["options"] = [{**option, "count": None} for option in group["options"]]
    return [group for group in groups if group["options"]]


def _counts(choice: Choice, stages: list[Stage]) -> tuple[Counter[int], Counter[int | None]]:
    """How many ideas each stage and each product would show, in one query."""
    cube = (
        Idea.objects.public()
        .order_by()
        .values_list("stage", "product")
        .annotate(count=Count("pk"))
        .values_list("stage", "product", "count")
    )
    shown = {stage.pk for stage in stages}
    if choice.stage:
        shown = {choice.stage.pk}
    elif choice.tab in _LIVE_ONLY:
        shown = {stage.pk for stage in stages if not stage.is_closed}
    by_stage: Counter[int] = Counter()
    by_product: Counter[int | None] = Counter()
    for stage, product, count in cube:
        if choice.product is None or product == choice.product.pk:
            by_stage[stage] += count
        if stage in shown:
            by_product[product] += count
    return by_stage, by_product


def tabs(choice: Choice, request: HttpRequest) -> list[dict[str, Any]]:
    link = Linker(request)
    labels = {
        "trending": _("Trending"),
        "wanted": _("Most wanted"),
        "newest": _("Newest"),
        "changed": _("Changed"),
        "mine": _("Mine"),
    }
    if not request.user.is_authenticated:
        del labels["mine"]
    return [
        {
            "label": label,
            "url": link("sort", "" if tab == "trending" else tab),
            "is_current": tab == choice.tab,
            "count": None,
        }
        for tab, label in labels.items()
    ]
