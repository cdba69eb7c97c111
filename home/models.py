"""The root of the page tree; the home page itself is drawn by a view."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class HomePage(Page):
    """Holds the help centre's sections of one language."""

    max_count_per_parent = 1
    subpage_types: ClassVar[list[str]] = ["kb.SectionPage"]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("home page")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("home:index")


class SiteVersion(models.Model):
    """One row whose number every writing request raises; visitors' ETags are made of it."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
