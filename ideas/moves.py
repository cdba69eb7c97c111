"""What an idea is to links: a stop on the trail, and a place that cases and questions move to."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

import search
from common.errors import Refused
from common.markdown import MAX_LENGTH
from common.text import clean_line, normalise_lines
from ideas.actions import posts
from ideas.actions.stages import waiting_count
from ideas.actions.votes import set_vote
from ideas.models import TITLE_LENGTH, Idea, IdeaVote, Stage
from links import registry
from links.models import Move, type_of
from moderation.actions import hide
from notifications.models import Subscription
from products.models import Product
from products.words import Words

TITLE_MINIMUM = 10
_FOLLOW = "moved"
# A bigger number is no primary key on any database.
_DIGITS = 19


def station(idea: Idea) -> registry.Station:
    label = _("Idea: %(stage)s") % {"stage": idea.stage.name}
    return {
        "kind": "idea",
        "label": label,
        "title": idea.title,
        "url": idea.get_absolute_url(),
        "language": idea.language,
    }


def upcoming(idea: Idea) -> registry.Station | None:
    """Until it is decided, everybody who voted or follows waits for the same news."""
    if idea.stage.is_closed:
        return None
    count = waiting_count(idea)
    if not count:
        title = _("Nobody waits for it yet")
    else:
        title = ngettext(
            "%(count)s person hears about it", "%(count)s people hear about it", count
        ) % {"count": count}
    started = idea.stage.category == Stage.Category.STARTED
    label = _("When it ships") if started else _("If it is built")
    return {"kind": "announcement", "label": label, "title": title, "url": ""}


def _number(value: Any) -> int:
    """A primary key out of a payload; 0 for anything else."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else 0


def _product(pk: Any) -> Product | None:
    return Product.objects.filter(pk=_number(pk)).first()


def _voice(move: Move) -> str:
    """A question was public, so whoever made an idea of it wrote that; a case stays unnamed."""
    is_public = move.source_type.model == IdeaVote.Source.QUESTION
    return Idea.ShownAs.PERSON if is_public else Idea.ShownAs.SUPPORT


class IdeaDestination(registry.Destination):
    """A case or a question becomes a new idea, or joins one that is there."""

    kind = "idea"
    model = Idea

    def clean(self, payload: dict[str, Any], *, by: Any) -> dict[str, Any]:
        if payload.get("existing"):
            return {"existing": _number(payload["existing"])}
        title = clean_line(str(payload.get("title", "")))
        body = normalise_lines(str(payload.get("body", ""))).strip()
        if not TITLE_MINIMUM <= len(title) <= TITLE_LENGTH:
            raise Refused(
                _("Give the idea a title of %(low)s to %(high)s characters.")
                % {"low": TITLE_MINIMUM, "high": TITLE_LENGTH},
                code="title",
            )
        if not body or len(body) > MAX_LENGTH:
            raise Refused(_("Describe the idea in a few sentences."), code="body")
        product = _product(payload.get("product"))
        return {
            "title": title,
            "body": body,
            "product": product.pk if product else None,
            "language": str(payload.get("language") or "en")[:35],
            "show_name": bool(payload.get("show_name")),
        }

    def existing(self, pk: int, *, by: Any) -> Idea:
        idea = Idea.objects.public().select_related("stage").filter(pk=pk).first()
        if idea is None:
            raise Refused(_("This idea is no longer here."), code="gone")
        if idea.stage.is_closed:
            raise Refused(_("This idea is decided; choose one that is still open."), code="closed")
        return idea

    def create(self, move: Move) -> Idea:
        """Under the name of whoever said yes, if they chose so; else of who made it, or support."""
        words, person = move.payload, move.confirmer
        by_name = bool(words.get("show_name")) and person is not None
        return posts.submit(
            Words(
                title=words["title"],
                body=words["body"],
                language=words.get("language", "en"),
                product=_product(words.get("product")),
            ),
            by=person if by_name else move.proposed_by,
            shown_as=Idea.ShownAs.PERSON if by_name else _voice(move),
            votes=False,
        )

    def join(
        self, target: Idea, move: Move, *, voters: list[Any], followers: list[Any]
    ) -> dict[str, Any]:
        source = move.source_type.model
        known = source if source in IdeaVote.Source.values else IdeaVote.Source.SELF
        for person in voters:
            set_vote(target, by=person, on=True, source=known, added_by=move.proposed_by, move=move)
        kind = type_of(target)
        rows = Subscription.objects.filter(target_type=kind, target_id=target.pk)
        already = set(rows.values_list("user_id", flat=True))
        fresh = {person.pk for person in [*voters, *followers]} - already
        Subscription.objects.bulk_create(
            [
                Subscription(user_id=pk, target_type=kind, target_id=target.pk, reason=_FOLLOW)
                for pk in sorted(fresh)
            ],
            batch_size=500,
            ignore_conflicts=True,
        )
        return {"follows": sorted(fresh)}

    def undo(self, target: Idea, move: Move, data: dict[str, Any], *, created: bool) -> None:
        idea = posts.lock(target)
        follows = data.get("follows", [])
        people = {move.proposed_by_id, *([move.confirmer_id] if move.confirmer_id else [])}
        alone = created and not posts.others_joined(
            idea, besides=people, move=move, follows=follows
        )
        taken = IdeaVote.objects.filter(target=idea, move=move).delete()[0]
        if taken:
            Idea.objects.filter(pk=idea.pk).update(vote_count=F("vote_count") - taken)
        # A follow that the person has since chosen, or silenced, is theirs and stays.
        Subscription.objects.filter(
            target_type=type_of(idea),
            target_id=idea.pk,
            user__in=follows,
            reason=_FOLLOW,
            level=Subscription.Level.ALL,
        ).delete()
        self._retire(idea, move, alone=alone, created=created)

    def _retire(self, idea: Idea, move: Move, *, alone: bool, created: bool) -> None:
        if alone and idea.is_public:
            reason = gettext_lazy("The move that made it was undone.")
            hide(idea, by=move.proposed_by, reason=str(reason), entitled=True)
            return
        if created and idea.author_id == move.confirmer_id:
            # Others carry it on, but no longer under the name of whoever took it back.
            idea.author, idea.shown_as = move.proposed_by, _voice(move)
            idea.save(update_fields=["author", "shown_as"])
        idea.refresh_from_db(fields=["vote_count"])
        search.refresh(idea)


registry.register_thing(
    "idea", Idea, station=station, upcoming=upcoming, related=("stage", "product")
)
registry.register_destination(IdeaDestination())
