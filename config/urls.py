"""Every address of the site: one include per app, Wagtail last."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from home import errors
from kb import files

handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("home.urls_plain")),
    path("admin/", include(wagtailadmin_urls)),
    # In place of Wagtail's own view, under the name that its documents build their addresses from.
    path("documents/<int:pk>/<path:filename>", files.document, name="wagtaildocs_serve"),
    path("media/<path:path>", files.picture, name="picture"),
    path("api/v1/", include("home.api_urls")),
    path("uploads/", include("posting.urls")),
]
# People's own words have one canonical, unprefixed address; the prefix changes the interface.
urlpatterns += i18n_patterns(
    path("", include("home.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("search/", include("search.urls")),
    path("inbox/", include("notifications.urls")),
    path("moderation/", include("moderation.urls")),
    path("community/", include("forum.urls")),
    path("ideas/", include("ideas.urls")),
    path("support/", include("support.urls")),
    path("", include("kb.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
