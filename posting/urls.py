from __future__ import annotations

from django.urls import path

from posting import views

app_name = "posting"
urlpatterns = [
    path("", views.upload, name="upload"),
    path("preview", views.preview, name="preview"),
    path("draft/<str:key>", views.draft, name="draft"),
    path("i/<slug:token>", views.image, name="image"),
]
