"""People, the organisations they belong to, and what an organisation is entitled to."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import zones
from common.addresses import numbered
from common.fields import WordsField
from common.languages import local


def normalise_email(value: str | None) -> str | None:
    """NFKC, casefolded, or None when empty: two spellings of one address are one account."""
    value = unicodedata.normalize("NFKC", value or "").strip().casefold()
    return value or None


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=normalise_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        fields.setdefault("display_name", email.partition("@")[0])
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=normalise_email(username))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Authors of imported posts are inactive and have no address until claimed."""

    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    display_name = models.CharField(_("display name"), max_length=80)
    title = models.CharField(_("job title"), max_length=80, blank=True)
    about = models.CharField(_("about"), max_length=300, blank=True)
    language = models.CharField(
        _("language"), max_length=12, default="en", choices=settings.LANGUAGES
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", choices=zones.choices
    )
    is_expert = models.BooleanField(_("expert"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(default=False)
    demo_label = WordsField(blank=True)
    shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    mail_enabled = models.BooleanField(_("send me mail"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    anonymised_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.display_name or str(_("Former member"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = normalise_email(self.email)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return numbered("accounts:profile", self.pk)

    def get_full_name(self) -> str:
        return str(self)

    get_short_name = get_full_name

    @property
    def interface_language(self) -> str:
        """The language of pages for this person; others are not translated yet."""
        return self.language if self.language in settings.INTERFACE_LANGUAGES else "en"

    # Wagtail's admin asks for these two names.
    @property
    def first_name(self) -> str:
        return str(self)

    @property
    def last_name(self) -> str:
        return ""

    @property
    def is_staff(self) -> bool:
        return self.is_superuser

    @property
    def initials(self) -> str:
        words = [word for word in str(self).split() if word[0].isalnum()]
        return "".join(
            word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
        ).upper()


class Plan(models.Model):
    """What an organisation has bought; a plan entitles its admins to open cases."""

    code = models.SlugField(unique=True)
    names = WordsField(_("names"))
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)
    has_support = models.BooleanField(_("may open cases"), default=True)

    class Meta:
        ordering = ("rank",)
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def __str__(self) -> str:
        return local(self.names) or self.code

    @property
    def name(self) -> str:
        return str(self)


class Organisation(models.Model):
    """A customer of the vendor."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True, max_length=80)
    plan = models.ForeignKey(Plan, models.SET_NULL, null=True, blank=True, verbose_name=_("plan"))
    language = models.CharField(
        _("language"), max_length=12, default="en", choices=settings.LANGUAGES
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", choices=zones.choices
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    # Nobody asks Wagtail where a plan is used: each save would queue a job once its admin is loaded.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("name",)
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name


class OrganisationDomain(models.Model):
    """A mail domain; proved by hand by staff until a DNS check exists."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="domains")
    domain = models.CharField(_("domain"), max_length=253, unique=True)
    proved_at = models.DateTimeField(null=True, blank=True)
    proved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("domain",)

    def __str__(self) -> str:
        return self.domain


class Membership(models.Model):
    """A person's role in an organisation."""

    class OrganisationRole(models.TextChoices):
        ADMIN = "admin", _("Organisation admin")
        DELEGATE = "delegate", _("Delegate")
        MEMBER = "member", _("Member")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(
        max_length=10, choices=OrganisationRole.choices, default=OrganisationRole.MEMBER
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("organisation", "user")
        constraints = (
            models.UniqueConstraint(fields=["user", "organisation"], name="one_membership"),
        )

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"

    @property
    def may_open_cases(self) -> bool:
        return self.role in {self.OrganisationRole.ADMIN, self.OrganisationRole.DELEGATE}


class MailedLinkQuerySet(models.QuerySet["Any"]):
    def open(self) -> Self:
        """Those that still can be used."""
        return self.filter(accepted_at=None, cancelled_at=None, expires_at__gt=timezone.now())


class MailedLink(models.Model):
    """A link in a mail that does something: stored hashed, works once, for one address, and ends."""

    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = MailedLinkQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_open(self, now: datetime) -> bool:
        return self.accepted_at is None and self.cancelled_at is None and self.expires_at > now


class Invitation(MailedLink):
    """An invitation into an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Membership.OrganisationRole.choices)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation}"


class Handover(MailedLink):
    """The link that gives an imported author's account to the person behind it."""

    person = models.ForeignKey(User, models.CASCADE, related_name="handovers")

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.email} → {self.person}"


class OutgoingMail(models.Model):
    """Every mail the site sends, with its state; the worker takes them from here."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=500)
    message = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=["state", "created_at"], name="mail_state"),)

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
