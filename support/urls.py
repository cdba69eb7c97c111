"""Addresses of the contact page, the customer's cases and the case desk."""

from __future__ import annotations

from django.urls import path

from support.views import (
    cases,
    closing,
    contact,
    desk,
    files,
    handling,
    new,
    offers,
    publishing,
)

app_name = "support"
urlpatterns = [
    path("", contact.contact, name="contact"),
    path("policy/", contact.policy, name="policy"),
    path("new/", new.new, name="new"),
    path("new/priority/", new.priority, name="priority"),
    path("new/similar/", new.suggest, name="suggest"),
    path("new/solved/", new.solved, name="solved"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<int:number>/", cases.case, name="case"),
    path("cases/<int:number>/reply/", cases.answer, name="answer"),
    path("cases/<int:number>/close/", cases.withdraw, name="withdraw"),
    path("cases/<int:number>/priority/", cases.object_to_priority, name="object"),
    path("cases/<int:number>/idea/", offers.decide, name="decide"),
    path("cases/<int:number>/idea/undo/", offers.undo, name="undo"),
    path("cases/<int:number>/files/<slug:pk>/", files.file, name="file"),
    path("files/<str:token>", files.download, name="download"),
    path("desk/", desk.desk, name="desk"),
    path("desk/new/", new.on_behalf, name="on_behalf"),
    path("desk/<int:number>/", desk.case, name="desk_case"),
    path("desk/<int:number>/message/", handling.message, name="message"),
    path("desk/<int:number>/message/<int:pk>/unsend/", handling.unsend, name="unsend"),
    path("desk/<int:number>/assign/", handling.assign, name="assign"),
    path("desk/<int:number>/priority/", handling.priority, name="set_priority"),
    path("desk/<int:number>/specialist/", handling.escalate, name="escalate"),
    path("desk/<int:number>/take-back/", handling.take_back, name="take_back"),
    path("desk/<int:number>/reopen/", handling.reopen, name="reopen"),
    path("desk/<int:number>/close/", closing.close, name="close"),
    path("desk/<int:number>/link/", closing.link, name="link"),
    path("desk/<int:number>/public/", publishing.publish, name="publish"),
    path("desk/<int:number>/idea/", offers.offer, name="offer"),
    path("desk/<int:number>/idea/withdraw/", offers.withdraw, name="offer_withdraw"),
]
