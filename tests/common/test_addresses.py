"""Addresses by a shape are those that `reverse` gives."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation

from common.addresses import numbered


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("slug", ["mail-is-late", "التوقيع-المركزي", "a b&c%d~e", "-", "987654"])
def test_an_address_is_what_reverse_gives(language: str, slug: str) -> None:
    with translation.override(language):
        for number in (0, 7, 2**40):
            wanted = reverse("forum:question", args=[number, slug])
            assert numbered("forum:question", number, slug) == wanted
            assert numbered("forum:short", number) == reverse("forum:short", args=[number])
