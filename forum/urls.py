"""Addresses of the forum, under /community/."""

from __future__ import annotations

from django.urls import path

from forum import feeds
from forum.views import ask, editing, keeping, lists, marks, posting, question

app_name = "forum"
urlpatterns = [
    path("", lists.questions, name="list"),
    path("feed.atom", feeds.questions, name="feed"),
    path("ask", ask.ask, name="ask"),
    path("ask/similar", ask.similar_to, name="similar"),
    path("ask/solved", ask.solved, name="ask_solved"),
    path("q/<int:pk>", question.short, name="short"),
    path("q/<int:pk>/<str:slug>", question.question, name="question"),
    path("questions/<int:pk>/answer", posting.answer, name="answer"),
    path("questions/<int:pk>/comment", posting.comment_question, name="comment_question"),
    path("questions/<int:pk>/me-too", marks.me_too, name="me_too"),
    path("questions/<int:pk>/follow", marks.follow, name="follow"),
    path("questions/<int:pk>/unaccept", marks.unaccept, name="unaccept"),
    path("questions/<int:pk>/ask-details", marks.ask_info, name="ask_info"),
    path("questions/<int:pk>/details-given", marks.info_given, name="info_given"),
    path("questions/<int:pk>/edit", editing.edit_question, name="edit"),
    path("questions/<int:pk>/delete", editing.delete_question, name="delete"),
    path("questions/<int:pk>/history", editing.question_history, name="history"),
    path("questions/<int:pk>/asked-before", keeping.duplicate, name="duplicate"),
    path("questions/<int:pk>/not-asked-before", keeping.not_duplicate, name="not_duplicate"),
    path("questions/<int:pk>/move", keeping.move, name="move"),
    path("questions/<int:pk>/move-back", keeping.move_back, name="move_back"),
    path("answers/<int:pk>/helpful", marks.helpful, name="helpful"),
    path("answers/<int:pk>/unhelpful", marks.unhelpful, name="unhelpful"),
    path("answers/<int:pk>/accept", marks.accept, name="accept"),
    path("answers/<int:pk>/comment", posting.comment_answer, name="comment_answer"),
    path("answers/<int:pk>/edit", editing.edit_answer, name="edit_answer"),
    path("answers/<int:pk>/delete", editing.delete_answer, name="delete_answer"),
    path("answers/<int:pk>/history", editing.answer_history, name="answer_history"),
    path("comments/<int:pk>/edit", editing.edit_comment, name="edit_comment"),
    path("comments/<int:pk>/delete", editing.delete_comment, name="delete_comment"),
]
