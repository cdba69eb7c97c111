"""Loads sample products, plans, organisations and people."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Membership, Organisation, OrganisationDomain, Plan, User
from accounts.roles import ensure_groups
from home.loading.base import Book, read
from products.models import Product


def load_products() -> None:
    for position, row in enumerate(read("products")):
        Product.objects.get_or_create(
            code=row["code"],
            defaults={
                "names": row["name"],
                "descriptions": row["description"],
                "icon": row["icon"],
                "position": position,
            },
        )


def load_organisations(book: Book) -> None:
    content = read("organisations")
    for row in content["plans"]:
        Plan.objects.get_or_create(
            code=row["code"],
            defaults={
                "names": row["name"],
                "rank": row["rank"],
                "has_support": row["code"] != "free",
            },
        )
    plans = {plan.code: plan for plan in Plan.objects.all()}
    for row in content["organisations"]:
        if book.has("organisation", row["key"]):
            continue
        organisation = Organisation.objects.create(
            name=row["name"],
            slug=row["key"],
            plan=plans.get(row["plan"] or ""),
            language=row["language"],
            time_zone=row["time_zone"],
            country=row["country"],
        )
        OrganisationDomain.objects.bulk_create(
            OrganisationDomain(
                organisation=organisation,
                domain=domain["domain"],
                proved_at=timezone.now() if domain["proved"] else None,
            )
            for domain in row["domains"]
        )
        book.keep("organisation", row["key"], organisation)


def load_people(book: Book) -> None:
    ensure_groups()
    groups = {group.name: group for group in Group.objects.all()}
    for row in read("people"):
        if not book.has("person", row["key"]):
            _load_person(book, row, groups)


def _load_person(book: Book, row: dict[str, Any], groups: dict[str, Group]) -> None:
    user = User(
        email=row["email"],
        display_name=row["name"],
        title=row["title"] or "",
        about=row["about"] or "",
        language=row["language"],
        time_zone=row["time_zone"],
        is_expert=row["expert"],
        is_demo=True,
        demo_label=row.get("demo") or {},
        joined_at=book.clock.ago(row["joined_days_ago"]),
    )
    # Nobody knows a sample person's password: they are entered from /demo/ only.
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    user.groups.set([groups[role] for role in row["roles"]])
    for membership in row["memberships"]:
        Membership.objects.create(
            user=user,
            organisation_id=book.pk("organisation", membership["organisation"]),
            role=membership["role"],
            created_at=user.joined_at,
        )
    book.keep("person", row["key"], user)
