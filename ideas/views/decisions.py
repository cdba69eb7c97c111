"""What product managers decide and answer, from the idea's own page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import product_manager
from common.errors import Refused
from ideas.actions import stages
from ideas.forms import OfficialForm, StageForm
from ideas.views.ideas import show
from ideas.views.votes import find


@require_POST
@product_manager
def stage(request: HttpRequest, pk: int) -> HttpResponseBase:
    user: Any = request.user
    idea = find(request, pk)
    form = StageForm(request.POST, prefix="stage")
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            stages.set_stage(idea, data["stage"], by=user, reason=data["reason"], seen=data["seen"])
        except Refused as refusal:
            status = form.refuse(refusal)
        else:
            messages.success(request, _("The stage is changed; those who wait are told."))
            return redirect(idea.get_absolute_url())
    return show(request, idea, stage_form=form, open_form="stage", status=status)


@require_POST
@product_manager
def answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    user: Any = request.user
    idea = find(request, pk)
    form = OfficialForm(request.POST, prefix="official")
    status = 422
    if form.is_valid():
        try:
            stages.answer_officially(
                idea, form.cleaned_data["text"], by=user, seen=form.cleaned_data["seen"]
            )
        except Refused as refusal:
            status = form.refuse(refusal)
        else:
            messages.success(request, _("The official answer is saved."))
            return redirect(idea.get_absolute_url())
    return show(request, idea, official_form=form, open_form="official", status=status)
