from __future__ import annotations

from django.urls import path

from accounts import claims, views

app_name = "accounts"
urlpatterns = [
    path("people/<int:pk>/", views.profile, name="profile"),
    path("people/<int:pk>/claim/", claims.invite, name="claim_invite"),
    path("people/<int:pk>/claim/cancel/", claims.cancel, name="claim_cancel"),
    path("claim/<str:token>/", claims.claim, name="claim"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/authenticator.svg", views.totp_picture, name="totp_picture"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/new/", views.organisation_new, name="organisation_new"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
    path("organisations/<slug:slug>/invite/", views.invite, name="invite"),
    path("organisations/<slug:slug>/leave/", views.leave, name="leave"),
    path("organisations/<slug:slug>/domains/", views.domain_add, name="domain_add"),
    path(
        "organisations/<slug:slug>/domains/<int:pk>/prove/", views.domain_prove, name="domain_prove"
    ),
    path("organisations/<slug:slug>/members/<int:pk>/", views.member_change, name="member_change"),
    path(
        "organisations/<slug:slug>/invitations/<int:pk>/cancel/",
        views.invitation_cancel,
        name="invitation_cancel",
    ),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
