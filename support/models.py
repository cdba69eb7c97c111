"""Cases: what an organisation's admin needs from the vendor, until it is closed with a resolution."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.access import Role, has_role, memberships_of
from accounts.models import Organisation
from common.markdown import VERSION, stored
from products.models import Product

SUBJECT_LENGTH = 160
# A customer's reply within this time reopens a closed case; later it opens a follow-up.
REOPEN_WINDOW = timedelta(days=4)


class State(models.TextChoices):
    """Agent's words; customers read `CUSTOMER_STATES`. Each state has one who causes it."""

    NEW = "new", _("New")
    WITH_US = "with_us", _("With us")
    WAITS = "waits_for_you", _("Waits for customer")
    SPECIALISTS = "with_specialists", _("With specialists")
    CLOSED = "closed", _("Closed")


CUSTOMER_STATES = {
    State.NEW: _("Received"),
    State.WITH_US: _("With us"),
    State.WAITS: _("Waits for you"),
    State.SPECIALISTS: _("With specialists"),
    State.CLOSED: _("Closed"),
}


class Resolution(models.TextChoices):
    """The fixed list of S-29; closing needs exactly one."""

    FIXED = "r1", _("Solved or answered")
    NOT_A_FEATURE = "r2", _("Not a supported feature")
    NOT_REPRODUCED = "r3", _("Could not be reproduced")
    THIRD_PARTY = "r4", _("With another company")
    NOT_SOLVABLE = "r5", _("Cannot be solved or is out of scope")
    INCIDENT = "r6", _("Caused by an incident that is resolved")


class Channel(models.TextChoices):
    WEB = "web", _("Web form")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Chat")
    FORUM = "forum", _("Forum")
    STAFF = "staff", _("Staff")


class Affected(models.TextChoices):
    ONE = "one", _("One person")
    SEVERAL = "several", _("Several people or a team")
    EVERYONE = "everyone", _("Everyone")


class Usable(models.TextChoices):
    NO = "no", _("It cannot be used at all")
    PARTLY = "partly", _("It works badly or in part")
    YES = "yes", _("It can be used")


class Priority(models.IntegerChoices):
    P1 = 1, _("P1 · critical")
    P2 = 2, _("P2 · high")
    P3 = 3, _("P3 · normal")
    P4 = 4, _("P4 · low")


def _as_customer(user: Any) -> Q:
    """Own cases, and an admin's organisation's; who has left it sees neither (S-01)."""
    member_of = [m.organisation_id for m in memberships_of(user)]
    admin_of = [m.organisation_id for m in memberships_of(user) if m.role == "admin"]
    return Q(requester=user, organisation__in=member_of) | Q(organisation__in=admin_of)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: Any) -> Self:
        """Requester, the organisation's admins, agents; a specialist what is assigned to them.

        Moderators, editors and product managers never see a case as such.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if has_role(user, Role.AGENT):
            return self
        condition = _as_customer(user)
        if has_role(user, Role.SPECIALIST):
            condition |= Q(specialist=user)
        return self.filter(condition)

    def of_customer(self, user: Any) -> Self:
        """What the person sees as a customer, whatever their role on the desk."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(_as_customer(user))

    def on_desk_of(self, user: Any) -> Self:
        """What the person works on: everything for an agent, for a specialist what is theirs."""
        if has_role(user, Role.AGENT):
            return self
        if has_role(user, Role.SPECIALIST):
            return self.filter(specialist=user)
        return self.none()

    def open(self) -> Self:
        return self.exclude(state=State.CLOSED)

    def in_queue_order(self) -> Self:
        """Priority, then time of submission: reclassifying keeps the submission time (S-16)."""
        return self.order_by("priority", "opened_at", "pk")


class Case(models.Model):
    """One problem of one organisation; `number` is what people say on the phone."""

    number = models.PositiveIntegerField(unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    product = models.ForeignKey(Product, models.SET_NULL, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=12, default="en")
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.WEB)
    affected = models.CharField(max_length=8, choices=Affected.choices, blank=True)
    usable = models.CharField(max_length=8, choices=Usable.choices, blank=True)
    # Empty: there is none. The text becomes a known workaround (S-20).
    workaround = models.TextField(blank=True)
    chosen_priority = models.PositiveSmallIntegerField(choices=Priority.choices)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.NEW)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    specialist = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    resolution = models.CharField(max_length=2, choices=Resolution.choices, blank=True)
    resolution_text = models.TextField(blank=True)
    resolution_html = models.TextField(blank=True)
    # What the resolution asks for beside its text: {"advice"}, {"third_party", "reference"}, …
    resolution_data = models.JSONField(default=dict, blank=True)
    # While a move waits for the customer's yes: the closing text, and how the idea would look.
    offer_text = models.TextField(blank=True)
    offer_html = models.TextField(blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    follow_up_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    read_before = models.JSONField(default=list, blank=True)
    message_count = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(default=timezone.now)
    last_activity_at = models.DateTimeField(default=timezone.now)
    first_reply_due_at = models.DateTimeField(null=True, blank=True)
    first_replied_at = models.DateTimeField(null=True, blank=True)
    next_update_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # The due time for which the desk has been warned already: once for each (S-28).
    warned_for = models.DateTimeField(null=True, blank=True)
    renderer_version = models.PositiveSmallIntegerField(default=VERSION)
    policy_version = models.PositiveSmallIntegerField(default=1)

    objects: ClassVar[Any] = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = (
            models.Index(fields=["state", "priority", "opened_at", "id"], name="case_queue"),
            models.Index(fields=["organisation", "-last_activity_at"], name="case_organisation"),
            models.Index(fields=["requester", "-last_activity_at"], name="case_requester"),
            models.Index(fields=["assignee", "state"], name="case_assignee"),
        )

    def __str__(self) -> str:
        return f"{self.label} {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("support:case", args=[self.number])

    @property
    def label(self) -> str:
        """As printed: CS-10428."""
        return f"CS-{self.number}"

    @property
    def title(self) -> str:
        """The name that rows and results of every kind share."""
        return self.subject

    @property
    def closing_words(self) -> SafeString:
        return stored(self.resolution_html)

    @property
    def offer_preview(self) -> SafeString:
        return stored(self.offer_html)

    # Trails put things in the order in which they came to be.
    @property
    def created_at(self) -> datetime:
        return self.opened_at

    @property
    def desk_url(self) -> str:
        return reverse("support:desk_case", args=[self.number])

    @property
    def due_at(self) -> datetime | None:
        """When we owe the customer a word: the first reply, then the next update."""
        if self.is_closed or self.state == State.WAITS:
            return None
        if self.first_replied_at is None and self.first_reply_due_at is not None:
            return self.first_reply_due_at
        return self.next_update_at

    @property
    def is_closed(self) -> bool:
        return self.state == State.CLOSED

    @property
    def ending(self) -> dict[str, Any]:
        """How it ended, if it did: what a reply's form says that its writer has seen."""
        names = ("closed_at", "resolution", "resolution_text")
        return {name: getattr(self, name) for name in names}

    @property
    def ring(self) -> str:
        """The shape of the state: a check only for what was solved, a cross for what was not."""
        if not self.is_closed:
            return str(self.state)
        if self.resolution == Resolution.FIXED:
            return "solved"
        return "moved" if self.resolution == Resolution.NOT_A_FEATURE else "unsolved"

    @property
    def customer_state(self) -> str:
        return str(CUSTOMER_STATES[State(self.state)])

    @property
    def may_reopen_until(self) -> datetime | None:
        return self.closed_at + REOPEN_WINDOW if self.closed_at else None


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Any) -> Self:
        """Notes and the desk's own events are for the desk; the rest for who may see the case."""
        found = self.filter(case__in=Case.objects.visible_to(user))
        if has_role(user, Role.AGENT):
            return found
        if has_role(user, Role.SPECIALIST):
            return found.filter(Q(is_internal=False) | Q(case__specialist=user))
        return found.filter(is_internal=False)

    def public(self) -> Self:
        """What the customer reads."""
        return self.filter(is_internal=False)

    def written(self) -> Self:
        return self.exclude(kind=Message.Kind.EVENT)


class Message(models.Model):
    """A post on a case, or an event on its timeline. Its files are uploads attached to it."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        REPLY = "reply", _("Reply")
        NOTE = "note", _("Internal note")
        EVENT = "event", _("Event")

    case = models.ForeignKey(Case, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # True for notes and for events that are the desk's business alone.
    is_internal = models.BooleanField(default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    body_source = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    renderer_version = models.PositiveSmallIntegerField(default=VERSION)
    # Events: a code and its values; the words are made in the reader's language.
    event = models.CharField(max_length=24, blank=True)
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")
        indexes = (models.Index(fields=["case", "created_at", "id"], name="message_order"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(is_internal=True) | ~Q(kind="note"), name="notes_are_internal"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.is_internal = self.is_internal or self.kind == self.Kind.NOTE
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#m{self.pk}"

    @property
    def html(self) -> SafeString:
        return stored(self.body_html)
