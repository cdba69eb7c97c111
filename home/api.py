"""The public API: one NinjaAPI that the apps' routers hang on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from search.api import router as search_router

api = NinjaAPI(title="Peerdesk", version="1", docs_url=None, urls_namespace="api-v1")
api.add_router("", search_router)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Problem details (RFC 9457) instead of the framework's own shape."""
    problem = {
        "type": "about:blank",
        "title": "Invalid parameter",
        "status": 422,
        "errors": [
            {"where": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors
        ],
    }
    response = api.create_response(request, problem, status=422)
    response["Content-Type"] = "application/problem+json"
    return response
