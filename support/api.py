"""GET /api/v1/cases."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from common.api import ListedByState, among, page_of
from support.models import Case

router = Router(tags=["cases"])


class CaseOut(Schema):
    id: str
    # As people say it on the phone: CS-10428.
    number: str
    title: str
    url: str
    lang: str
    product: str
    organisation: str
    # 1 is the most urgent.
    priority: int
    state: str
    # r1 to r6 once it is closed.
    resolution: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    closed_at: datetime.datetime | None


class CasesOut(Schema):
    total: int
    results: list[CaseOut]
    next: str | None


@router.get("/cases", response=CasesOut, summary="Cases you may see, newest first")
def cases(request: HttpRequest, query: ListedByState) -> dict[str, Any] | HttpResponse:
    rows = among(Case.objects.visible_to(request.user), "language", query.lang)
    rows = among(rows, "state", query.state)
    rows = rows.select_related("product", "organisation")
    return page_of(request, rows, query, partial(_out, request), order=("-opened_at", "-pk"))


def _out(request: HttpRequest, case: Case) -> CaseOut:
    return CaseOut(
        id=str(case.pk),
        number=case.label,
        title=case.subject,
        url=request.build_absolute_uri(case.get_absolute_url()),
        lang=case.language,
        product=case.product.code if case.product else "",
        organisation=case.organisation.slug,
        priority=case.priority,
        state=case.state,
        resolution=case.resolution,
        created_at=case.opened_at,
        updated_at=case.last_activity_at,
        closed_at=case.closed_at,
    )
