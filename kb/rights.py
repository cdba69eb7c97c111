"""What editors may do in the Wagtail admin: everything in the help centre, nothing beside it."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
)

from accounts.access import Role

PAGES = ("add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page")
FILES = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)
OTHERS = (
    ("wagtail_localize", "submit_translation"),
    ("wagtailredirects", "add_redirect"),
    ("wagtailredirects", "change_redirect"),
    ("wagtailredirects", "delete_redirect"),
)
# As Wagtail's first migrations name it; one that somebody has named anew is left alone.
WAGTAILS_REVIEW = "Moderators approval"


def ensure_rights(root: Page) -> None:
    """Gives the editors' group its rights at and below ROOT; safe to run again."""
    editors = Group.objects.filter(name=Role.EDITOR.value).first()
    if editors is None:
        return
    ensure_review()
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=PAGES
    ):
        GroupPagePermission.objects.get_or_create(group=editors, page=root, permission=permission)
    collection = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for permission in Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=FILES
    ):
        GroupCollectionPermission.objects.get_or_create(
            group=editors, collection=collection, permission=permission
        )
    for app, codename in OTHERS:
        editors.permissions.add(
            *Permission.objects.filter(content_type__app_label=app, codename=codename)
        )


def ensure_review() -> None:
    """Wagtail's own review asks a group that nobody is in, so drafts would wait for ever (KB-01)."""
    reviewers = Group.objects.filter(name__in=(Role.EDITOR.value, Role.ADMINISTRATOR.value))
    for task in GroupApprovalTask.objects.filter(name=WAGTAILS_REVIEW):
        task.name = "Review"
        task.save()
        task.groups.set(reviewers)
    Workflow.objects.filter(name=WAGTAILS_REVIEW).update(name="Review by another editor")
    # Nobody is given these groups: the roles of the site have groups of their own.
    Group.objects.filter(name__in=("Moderators", "Editors"), user=None).delete()
