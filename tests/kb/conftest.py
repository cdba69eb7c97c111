"""A help centre with its home page, its languages and one section."""

from __future__ import annotations

import pytest
from wagtail.models import Locale

from home.setup import ensure_site
from kb.models import SectionPage
from kb.tree import help_root
from tests.kb.factories import make_section


@pytest.fixture
def help_centre(site_tree: None) -> SectionPage:
    ensure_site()
    return help_root(Locale.objects.get(language_code="en"))


@pytest.fixture
def mail(help_centre: SectionPage) -> SectionPage:
    return make_section(help_centre, "Mail", slug="mail")


@pytest.fixture
def polish(help_centre: SectionPage) -> SectionPage:
    return help_root(Locale.objects.get(language_code="pl"))
