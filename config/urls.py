"""Every address of the site: one include per app, Wagtail last."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from home import errors

handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("home.urls_plain")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v1/", include("home.api_urls")),
    path("uploads/", include("posting.urls")),
]
if settings.DEBUG or settings.IS_DEMO:
    # In production a front server or the object store serves public media from its own host.
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)

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
