"""How a case becomes a search entry; internal notes never are part of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.access import Role, has_role
from common.markdown import plain_text
from search.registry import Document, Source, register
from support.models import CUSTOMER_STATES, Case, Message, State

# Beyond these a message adds no words that people search for.
_MAX_MESSAGES = 60


@register
class CaseSource(Source[Case]):
    kind = "case"
    model = Case
    label = _("Cases")
    words = ("cases", "tickets")
    state_words: ClassVar = {
        "open": (State.NEW, State.WITH_US, State.WAITS, State.SPECIALISTS),
        "waiting": (State.WAITS,),
    }

    def queryset(self) -> QuerySet[Case]:
        messages = Message.objects.public().written().only("case_id", "body_html", "created_at")
        found: QuerySet[Case] = Case.objects.select_related("product").prefetch_related(
            Prefetch("messages", messages, "public_messages")
        )
        return found

    def document(self, obj: Any) -> Document:
        with override("en"):
            url = obj.get_absolute_url()
        texts = [plain_text(message.body_html) for message in obj.public_messages[:_MAX_MESSAGES]]
        return Document(
            kind=self.kind,
            object_id=str(obj.pk),
            title=obj.subject,
            body="\n\n".join([obj.label, *texts, plain_text(obj.resolution_html), obj.workaround]),
            url=url,
            language=obj.language,
            tokens=_tokens(obj),
            product=obj.product.code if obj.product else "",
            state=obj.state,
            demoted=False,
            popularity=obj.message_count,
            created_at=obj.opened_at,
            updated_at=obj.last_activity_at,
        )

    def states(self, viewer: Any = None) -> dict[str, Any]:
        """The desk's words for those who work there, the customer's for everybody else."""
        on_desk = viewer is not None and has_role(viewer, Role.AGENT, Role.SPECIALIST)
        return dict(State.choices if on_desk else CUSTOMER_STATES.items())


def _tokens(case: Case) -> frozenset[str]:
    """Never a token of the public, of customers or of staff at large."""
    tokens = {
        f"user:{case.requester_id}@{case.organisation_id}",
        f"org-admins:{case.organisation_id}",
        "agents",
    }
    if case.specialist_id:
        tokens.add(f"specialist:{case.specialist_id}")
    return frozenset(tokens)
