"""Makes the groups that stand for staff roles, with the rights they have in the editing area."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from accounts.access import Role

# What each role may do in the Wagtail admin, beside opening it: "app_label.codename".
RIGHTS: dict[Role, tuple[str, ...]] = {
    Role.MODERATOR: (),
    Role.AGENT: (
        "accounts.add_organisation",
        "accounts.change_organisation",
        "accounts.view_organisation",
        "accounts.view_user",
    ),
    Role.SPECIALIST: (),
    Role.EDITOR: (),
    Role.PRODUCT_MANAGER: ("ideas.add_stage", "ideas.change_stage", "ideas.view_stage"),
    Role.ADMINISTRATOR: (),
}


def ensure_groups() -> dict[Role, Group]:
    """The group of each role, made where missing; safe to run again."""
    groups = {role: Group.objects.get_or_create(name=role.value)[0] for role in Role}
    admin_access = Permission.objects.filter(
        content_type__app_label="wagtailadmin", codename="access_admin"
    ).first()
    for role, names in RIGHTS.items():
        wanted = [admin_access] if admin_access and role is not Role.SPECIALIST else []
        for name in names:
            app, codename = name.split(".")
            found = Permission.objects.filter(content_type__app_label=app, codename=codename).first()
            if found:
                wanted.append(found)
        groups[role].permissions.add(*wanted)
    everything = Permission.objects.all()
    groups[Role.ADMINISTRATOR].permissions.set(everything)
    return groups
