"""What templates say about a hit."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from common.templatetags.ui import state
from search import registry

register = template.Library()


@register.simple_tag
def hit_state(hit: Any) -> SafeString | str:
    """Where the thing stands, in the words of its kind; a solved question is solved above all."""
    code = "solved" if getattr(hit, "solved", None) else hit.state
    source = registry.source(hit.kind)
    label = source.state_label(code) if source and code else ""
    return state(hit.kind, code, label) if label else ""
