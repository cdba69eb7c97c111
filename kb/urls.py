from __future__ import annotations

from django.urls import path

from kb import feedback, feeds, views

app_name = "kb"
urlpatterns = [
    path("help/", views.index, name="index"),
    path("help/feed.atom", feeds.articles, name="feed"),
    path("help/-/helpful/<int:pk>/", feedback.helpful, name="helpful"),
    path("help/<path:path>", views.page, name="page"),
]
