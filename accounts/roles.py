"""Makes the groups that stand for staff roles, with the rights they have in the editing area."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from accounts.access import Role

# What each role may do in the Wagtail admin, beside opening it: "app_label.codename".
RIGHTS: dict[Role, tuple[str, ...]] = {
    Role.MODERATOR: ("products.change_tag", "products.view_tag"),
    Role.AGENT: (
        "accounts.change_organisation",
        "accounts.view_organisation",
        "accounts.view_user",
    ),
    Role.SPECIALIST: (),
    Role.EDITOR: (
        "wagtail_localize.submit_translation",
        *(
            f"search.{verb}_{model}"
            for model in ("synonymgroup", "pin")
            for verb in ("add", "change", "delete", "view")
        ),
        "search.view_querycount",
    ),
    Role.PRODUCT_MANAGER: (
        "ideas.add_stage",
        "ideas.change_stage",
        "ideas.view_stage",
        "products.change_product",
        "products.view_product",
    ),
    Role.ADMINISTRATOR: (),
}
# Specialists see only cases that are given to them, on the site.
WITHOUT_ADMIN = frozenset({Role.SPECIALIST})
PAGE_RIGHTS = (
    "add_page",
    "change_page",
    "publish_page",
    "bulk_delete_page",
    "lock_page",
    "unlock_page",
)
FILE_RIGHTS = tuple(
    f"{app}.{verb}_{model}"
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document"))
    for verb in ("add", "change", "choose")
)


def ensure_groups() -> dict[Role, Group]:
    """The group of each role, made where missing; safe to run again."""
    groups = {role: Group.objects.get_or_create(name=role.value)[0] for role in Role}
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, names in RIGHTS.items():
        if role not in WITHOUT_ADMIN:
            names = (*names, "wagtailadmin.access_admin")
        groups[role].permissions.add(*_found(known, names))
    groups[Role.ADMINISTRATOR].permissions.set(known.values())
    for role in (Role.EDITOR, Role.ADMINISTRATOR):
        _may_edit(groups[role], known)
    return groups


def _found(known: dict[str, Permission], names: Iterable[str]) -> list[Permission]:
    return [known[name] for name in names if name in known]


def _may_edit(group: Group, known: dict[str, Permission]) -> None:
    """Pages below each language's home page, and the files of the root collection."""
    page_rights = _found(known, (f"wagtailcore.{name}" for name in PAGE_RIGHTS))
    for page in Page.objects.filter(depth=2):
        for permission in page_rights:
            GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)
    collection = Collection.objects.filter(depth=1).first()
    for permission in _found(known, FILE_RIGHTS) if collection else ():
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )
