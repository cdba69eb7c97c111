from __future__ import annotations

from django.urls import path

from search import views
from search.editing import seen

app_name = "search"
urlpatterns = [
    path("", views.results, name="results"),
    path("suggest/", views.suggest_list, name="suggest"),
    path("seen/", seen.seen, name="seen"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
]
