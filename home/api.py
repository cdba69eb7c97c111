"""The public API: one NinjaAPI that the apps' routers hang on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from common.api import problem
from forum.api import router as forum_router
from ideas.api import router as ideas_router
from kb.api import router as kb_router
from search.api import router as search_router
from support.api import router as support_router

api = NinjaAPI(title="Peerdesk", version="1", docs_url=None, urls_namespace="api-v1")
for router in (search_router, kb_router, forum_router, ideas_router, support_router):
    api.add_router("", router)


# What pydantic finds wrong, in words for whoever calls; {…} are its own figures.
_WORDS = {
    "int_parsing": "Give a whole number.",
    "int_from_float": "Give a whole number.",
    "int_parsing_size": "This number is too large.",
    "greater_than_equal": "Give {ge} or more.",
    "less_than_equal": "Give {le} or less.",
    "literal_error": "Give {expected}.",
    "bool_parsing": "Give true or false.",
    "missing": "This has to be given.",
}


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Problem details (RFC 9457) instead of the framework's own shape."""
    errors = [{"where": ".".join(map(str, e["loc"])), "message": _message(e)} for e in error.errors]
    return problem(422, "Invalid parameter", errors=errors)


def _message(error: dict[str, Any]) -> str:
    words = _WORDS.get(error["type"], "This cannot be read.")
    return words.format_map(error.get("ctx", {}))
