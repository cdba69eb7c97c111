from __future__ import annotations

from django.urls import path

from ideas import feeds
from ideas.views import comments, decisions, ideas, lists, votes

app_name = "ideas"
# Actions stand below "-", so that no title's slug can ever be mistaken for one.
urlpatterns = [
    path("", lists.index, name="list"),
    path("feed.atom", feeds.ideas, name="feed"),
    path("new/", ideas.new, name="new"),
    path("similar/", ideas.similar_ideas, name="similar"),
    path("comments/<int:pk>/edit/", comments.edit, name="edit_comment"),
    path("comments/<int:pk>/delete/", comments.delete, name="delete_comment"),
    path("<int:pk>/", ideas.short, name="short"),
    path("<int:pk>/-/vote/", votes.vote, name="vote"),
    path("<int:pk>/-/follow/", votes.follow, name="follow"),
    path("<int:pk>/-/comment/", comments.comment, name="comment"),
    path("<int:pk>/-/edit/", ideas.edit, name="edit"),
    path("<int:pk>/-/delete/", ideas.delete, name="delete"),
    path("<int:pk>/-/stage/", decisions.stage, name="stage"),
    path("<int:pk>/-/answer/", decisions.answer, name="answer"),
    path("<int:pk>/<str:slug>", ideas.idea, name="idea"),
]
