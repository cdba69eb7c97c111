"""Who writes, and what about: made once for a load, found again by the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import Membership, Organisation, Plan, User
from home.loading.people import load_products
from home.loading.scale.words import Writer
from ideas.models import Stage
from products.models import Product, tags_from

# One commit; large enough to be quick, small enough to keep little in memory.
BATCH = 1_000
YEARS = 4
_MOST_PEOPLE = 20_000
_STAGES = (("open", "open", True), ("planned", "planned", False), ("shipped", "shipped", False))


@dataclass
class Site:
    """Everything that the loaders draw from, as keys."""

    writer: Writer
    now: datetime
    products: list[int]
    product_codes: list[str]
    tags: list[int]
    tag_names: list[str]
    people: list[int]
    stages: list[Stage]
    # Each requester with the organisation they belong to.
    customers: list[tuple[int, int]]
    agent: int

    def person(self) -> int:
        return self.people[int(self.writer.random.random() * len(self.people))]

    def voters(self, count: int) -> Sequence[int]:
        """So many different people."""
        begin = int(self.writer.random.random() * (len(self.people) - count))
        return self.people[begin : begin + count]

    def some_tags(self, most: int = 3) -> set[int]:
        return {
            self.tags[self.writer.few(len(self.tags) - 1, skew=2)]
            for _ in range(self.writer.few(most, skew=1))
        }

    def moment(self) -> datetime:
        """Within the last years, more of it lately."""
        days = self.writer.random.random() ** 1.5 * 365 * YEARS
        return self.now - timedelta(days=days, hours=1)

    def after(self, begin: datetime, hours: float) -> datetime:
        later = begin + timedelta(hours=self.writer.random.random() ** 2 * hours)
        return min(later, self.now - timedelta(minutes=1))

    def product(self) -> int:
        return self.products[int(self.writer.random.random() * len(self.products))]


def batches(count: int) -> Iterator[int]:
    """COUNT in pieces of at most BATCH."""
    while count > 0:
        yield min(BATCH, count)
        count -= BATCH


@transaction.atomic
def prepare(writer: Writer, posts: int) -> Site:
    """People in proportion to what they are to write."""
    load_products()
    if not Stage.objects.exists():
        Stage.objects.bulk_create(
            Stage(code=code, names={"en": code.title()}, category=category, is_default=default)
            for code, category, default in _STAGES
        )
    products = list(Product.objects.order_by("pk").values_list("pk", "code"))
    tags = tags_from(writer.tag_words(), limit=1_000)
    people = _people(writer, min(_MOST_PEOPLE, max(60, posts // 20)))
    return Site(
        writer=writer,
        # The same seed gives the same dates all day.
        now=timezone.now().replace(hour=0, minute=0, second=0, microsecond=0),
        products=[pk for pk, _code in products],
        product_codes=[code for _pk, code in products],
        tags=[tag.pk for tag in tags],
        tag_names=[tag.name for tag in tags],
        people=people,
        stages=list(Stage.objects.order_by("position", "pk")),
        customers=_customers(writer, people),
        agent=people[0],
    )


def _people(writer: Writer, count: int) -> list[int]:
    """Inactive accounts without an address, as an import makes them: nobody can sign in as one."""
    known = list(
        User.objects.filter(email=None, is_active=False, about=_MARK)
        .order_by("pk")
        .values_list("pk", flat=True)[:count]
    )
    rows = [
        User(
            display_name=f"{writer.name().capitalize()} {writer.name().capitalize()}"[:80],
            about=_MARK,
            is_active=False,
            # Not made by set_unusable_password, which draws from another source for each.
            password="!",  # noqa: S106
        )
        for _ in range(count - len(known))
    ]
    return known + keys(User.objects.bulk_create(rows, batch_size=BATCH))


_MARK = "Made by seed_load."


def _customers(writer: Writer, people: Sequence[int]) -> list[tuple[int, int]]:
    """One organisation for every fifty people, each with its first person as admin."""
    plan, _new = Plan.objects.get_or_create(
        code="load", defaults={"names": {"en": "Load"}, "has_support": True}
    )
    found: list[tuple[int, int]] = []
    rows: list[Membership] = []
    known = set(Membership.objects.filter(organisation__plan=plan).values_list("user", flat=True))
    for number in range(0, len(people), 50):
        organisation, _new = Organisation.objects.get_or_create(
            slug=f"load-{number // 50}",
            defaults={"name": f"{writer.name().capitalize()} {number // 50}", "plan": plan},
        )
        members = people[number : number + 50]
        found += [(person, organisation.pk) for person in members]
        rows += [
            Membership(
                user_id=person,
                organisation=organisation,
                role="admin" if person == members[0] else "member",
            )
            for person in members
            if person not in known
        ]
    Membership.objects.bulk_create(rows, batch_size=BATCH)
    return found


def keys(rows: Sequence[Model]) -> list[Any]:
    return [row.pk for row in rows]
