"""What the page of one idea shows, put together with a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.access import Role, has_role, is_staff
from common.markdown import stored
from common.pagination import Page, keyset
from ideas import near
from ideas.actions.stages import waiting_count
from ideas.forms import CommentForm, OfficialForm, StageForm
from ideas.models import Idea, IdeaComment, IdeaVote, StageChange
from ideas.people import staff_among
from links.trail import trail_for
from notifications.actions import is_subscribed

COMMENTS = 40


@dataclass(frozen=True)
class CommentRow:
    comment: IdeaComment
    html: str
    is_staff: bool
    may_edit: bool
    is_own: bool


def context_of(
    idea: Idea,
    request: HttpRequest,
    *,
    comment_form: CommentForm | None = None,
    stage_form: StageForm | None = None,
    official_form: OfficialForm | None = None,
    open_form: str = "",
) -> dict[str, Any]:
    viewer: Any = request.user
    manager = has_role(viewer, Role.PRODUCT_MANAGER) and idea.is_public
    rows = IdeaComment.objects.visible_to(viewer).filter(idea=idea).select_related("author")
    page = keyset(rows, request, order=("created_at", "pk"), size=COMMENTS)
    staff = staff_among({row.author_id for row in page.items} | {idea.author_id})
    signed_in = viewer.is_authenticated
    voted = signed_in and IdeaVote.objects.filter(target=idea, user=viewer).exists()
    return {
        "idea": idea,
        "body": stored(idea.body_html),
        "official": stored(idea.official_html) if idea.official_html else "",
        "is_voted": voted,
        "votes_closed": not idea.is_open,
        "is_following": is_subscribed(viewer, idea),
        "author_is_staff": idea.author_id in staff,
        "may_delete": _may_delete(idea, viewer),
        "may_edit": idea.may_edit(viewer),
        "is_moderator": has_role(viewer, Role.MODERATOR),
        "is_staff": is_staff(viewer),
        "is_manager": manager,
        "comments": _with_rows(page, viewer, staff),
        "comment_form": comment_form or CommentForm(),
        "stage_form": stage_form or (_stage_form(idea) if manager else None),
        "official_form": official_form or (_official_form(idea) if manager else None),
        "open_form": open_form,
        "crumbs": _crumbs(idea),
        "stations": _stations(idea, viewer),
        "history": _history(idea),
        "waiting": _waiting(idea),
        "near": near.close_to(idea, viewer),
        "tags": list(idea.tags.all()),
        "stuck_url": f"{reverse('support:contact')}?from=idea:{idea.pk}",
        "canonical": canonical_url(idea),
    }


def canonical_url(idea: Idea) -> str:
    """What people wrote has one address, without a language prefix."""
    with override(settings.LANGUAGE_CODE):
        return f"{settings.BASE_URL}{idea.get_absolute_url()}"


def _may_delete(idea: Idea, viewer: Any) -> bool:
    """Whether to offer it; the action looks closely at who else has joined."""
    alone = idea.vote_count <= 1 and not idea.comment_count
    return bool(
        viewer.is_authenticated and idea.author_id == viewer.pk and alone and idea.is_public
    )


def _with_rows(page: Page, viewer: Any, staff: set[int]) -> Page:
    items = [
        CommentRow(
            comment=row,
            html=stored(row.body_html),
            is_staff=row.author_id in staff,
            may_edit=row.may_edit(viewer),
            is_own=row.author_id == viewer.pk and row.is_public,
        )
        for row in page.items
    ]
    return replace(page, items=items)


def _stage_form(idea: Idea) -> StageForm:
    return StageForm(initial={"stage": idea.stage_id, "reason": idea.stage_reason}, prefix="stage")


def _official_form(idea: Idea) -> OfficialForm:
    return OfficialForm(initial={"text": idea.official_source}, prefix="official")


def _crumbs(idea: Idea) -> list[tuple[str, str | None]]:
    items: list[tuple[str, str | None]] = [(_("Ideas"), reverse("ideas:list"))]
    if idea.product:
        url = f"{reverse('ideas:list')}?product={idea.product.code}"
        items.append((idea.product.name, url))
    return [*items, (_("Idea %(number)s") % {"number": idea.pk}, None)]


def _stations(idea: Idea, viewer: Any) -> list[Any]:
    stations: list[Any] = list(trail_for(idea, viewer))
    for station in stations:
        if station.get("state") == "here":
            station.update(label=_("This idea"), title=idea.stage.name)
    return stations


def _history(idea: Idea) -> list[dict[str, Any]]:
    """The stages on a line, newest first; the last stop is the day it was written."""
    changes = list(
        StageChange.objects.filter(idea=idea).select_related("stage").order_by("-at", "-pk")[:20]
    )
    stops = [
        {"label": change.stage.name, "state": change.stage.category, "at": change.at}
        for change in changes
    ]
    stops.append({"label": _("Written"), "state": "open", "at": idea.created_at})
    return stops


def _waiting(idea: Idea) -> str:
    """Who waits, as a number and never by name."""
    count = waiting_count(idea)
    if idea.stage.category == "shipped":
        words = ngettext("%(count)d person wanted this", "%(count)d people wanted this", count)
    elif idea.stage.category == "declined":
        words = ngettext(
            "%(count)d person wished for this", "%(count)d people wished for this", count
        )
    else:
        words = ngettext("%(count)d person waits for this", "%(count)d people wait for this", count)
    return words % {"count": count}
