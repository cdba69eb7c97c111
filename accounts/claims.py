"""Pages for handing an imported author's account to the person behind it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import agent, public
from accounts.actions import claims
from accounts.forms import ClaimForm
from accounts.models import User
from common.errors import Refused
from common.limits import limit


@require_http_methods(["GET", "HEAD", "POST"])
@agent
@limit("invite")
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Staff send the link."""
    person = get_object_or_404(User.objects.filter(email=None, is_active=False), pk=pk)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            claims.invite_to_claim(person, form.cleaned_data["email"], by=request.user)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("The link is on its way."))
            return redirect("accounts:claim_invite", pk)
    status = 422 if request.method == "POST" else 200
    context = {"person": person, "form": form, "handover": person.handovers.open().first()}
    return render(request, "accounts/claim_invite.html", context, status=status)


@require_POST
@agent
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Staff take back the link they have sent."""
    claims.cancel_claim(get_object_or_404(User, pk=pk), by=request.user)
    messages.success(request, _("The link no longer works."))
    return redirect("accounts:claim_invite", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what will happen, POST takes the account over; mail scanners change nothing."""
    found = claims.claimable(token)
    if found is None:
        return render(request, "accounts/claim.html", {"person": None}, status=404)
    if request.method == "POST":
        person = claims.claim(token)
        login(request, person, backend="django.contrib.auth.backends.ModelBackend")
        messages.success(request, _("These posts are yours now. Look at your settings next."))
        return redirect("accounts:settings")
    return render(request, "accounts/claim.html", {"person": found.person, "email": found.email})
