"""allauth's account rules where the site's differ."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import SECOND_FACTORS, is_staff
from accounts.letters import letter
from accounts.models import User, normalise_email
from common.languages import interface_code

_STRANGER_PAUSE = 3600


def display_name(user: User) -> str:
    return str(user)


class AccountAdapter(DefaultAccountAdapter):
    """Signs people up with a display name and the language they read the site in."""

    # Said of mailed codes too, where nothing has failed.
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": gettext_lazy(
            "That was often in a short time. Wait a few minutes, then try again."
        ),
    }

    def clean_email(self, email: str) -> str:
        return normalise_email(email) or ""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user = super().save_user(request, user, form, commit=False)
        user.display_name = form.cleaned_data["display_name"]
        user.language = interface_code(getattr(request, "LANGUAGE_CODE", "en"))
        if commit:
            user.save()
        return user

    def is_safe_url(self, url: str) -> bool:
        """Only this host: allauth also trusts every host that ALLOWED_HOSTS names."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home, in the language the person reads."""
        user: Any = request.user
        return translate_url(reverse("home:index"), user.interface_language)

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Sample people have no sign-in of their own where real people are at home."""
        answer: HttpResponse | None
        if user is not None and user.is_demo and settings.IS_PRODUCTION:
            answer = self.respond_user_inactive(request, user)
        else:
            answer = super().pre_login(request, user, **kwargs)
        return answer

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """One pair of templates for all of allauth's mails, in the reader's language."""
        to = [email] if isinstance(email, str) else email
        with translation.override(_language_of(to[0], context)):
            words = letter(template_prefix.rpartition("/")[2], context)
            shown = {**context, "letter": words, "site_name": settings.SITE_NAME}
            mail = EmailMultiAlternatives(
                words.subject,
                render_to_string("account/email/letter.txt", shown).strip(),
                self.get_from_email(),
                to,
                headers=headers,
            )
            mail.attach_alternative(
                render_to_string("account/email/letter.html", shown), "text/html"
            )
        return mail

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        mail = self.render_mail(template_prefix, email, context)
        if template_prefix.endswith("/unknown_account") and _told_lately(email):
            # Built all the same, so that the answer takes about as long.
            return
        mail.send()


def _told_lately(email: str) -> bool:
    """Whoever has no account here gets one mail an hour, however often others type the address."""
    digest = hashlib.sha256((normalise_email(email) or "").encode()).hexdigest()
    return not cache.add(f"unknown_account:{digest}", 1, _STRANGER_PAUSE)


def _language_of(email: str, context: dict[str, Any]) -> str:
    """The reader's own; asked for unknown addresses too, so that both take as long."""
    user = context.get("user")
    if not isinstance(user, User):
        user = User.objects.filter(email=normalise_email(email)).first()
    return user.language if user is not None else translation.get_language() or "en"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Staff keep at least one second factor."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if authenticator.type not in SECOND_FACTORS or not is_staff(authenticator.user):
            return True
        others = Authenticator.objects.filter(
            user_id=authenticator.user_id, type__in=SECOND_FACTORS
        ).exclude(pk=authenticator.pk)
        return bool(others.exists())

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """What the form proposes; people name it after their device."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey %(number)s") % {"number": number}

    def _get_site_name(self) -> str:
        return settings.SITE_NAME
