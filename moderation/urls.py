from __future__ import annotations

from django.urls import path

from moderation import views

app_name = "moderation"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:kind>/<int:pk>/", views.show, name="show"),
    path("<str:kind>/<int:pk>/hide/", views.hide, name="hide"),
    path("<str:kind>/<int:pk>/restore/", views.restore, name="restore"),
    path("<str:kind>/<int:pk>/flag/", views.flag, name="flag"),
    path("<str:kind>/<int:pk>/reject/", views.reject, name="reject"),
]
