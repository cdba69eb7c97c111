"""Forms that change what is there, sent as a browser sends them."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from accounts.forms import SettingsForm
from accounts.models import User
from common.versions import version_of
from forum.actions import questions
from forum.models import Question
from ideas.actions import posts
from ideas.models import Idea

_SEEN = re.compile(r'name="((?:\w+-)?seen)" value="(\w+)"')


def seen(thing: Any) -> str:
    """What a form opened now would send along."""
    if isinstance(thing, Question):
        return version_of(questions.fields_of(thing))
    if isinstance(thing, Idea):
        return version_of(posts.fields_of(thing))
    if isinstance(thing, User):
        return str(SettingsForm(instance=User.objects.get(pk=thing.pk)).initial["seen"])
    return version_of({"body": thing.body_source}) if thing is not None else ""


def seen_officially(idea: Idea) -> str:
    return version_of({"text": idea.official_source})


def seen_stage(idea: Idea) -> str:
    return version_of({"stage": idea.stage_id, "reason": idea.stage_reason})


def seen_on(client: Client, url: str, name: str = "seen") -> str:
    """What the form on this page sends along; NAME tells its field from those of others there."""
    found = dict(_SEEN.findall(client.get(url).text))
    assert name in found, url
    return found[name]


def save(client: Client, url: str, data: dict[str, Any]) -> Any:
    """Opens the form and sends it."""
    return client.post(url, {**data, "seen": seen_on(client, url)})
