"""The pictures in what people post: as open as the post they stand in (reliability class 23)."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_save

from moderation.posts import Post
from posting.actions import adopt

_PICTURE = re.compile(r'/uploads/i/([\w-]{8,40})"')
# In one post.
_MOST = 200


def connect() -> None:
    post_save.connect(_saved, dispatch_uid="moderation.pictures")


def _saved(sender: Any, instance: Model, raw: bool = False, **kwargs: Any) -> None:
    if raw or not isinstance(instance, Post):
        return
    names = set(_PICTURE.findall(instance.body_html))
    if names:
        adopt(sorted(names)[:_MOST], instance, owner=instance.author_id)
