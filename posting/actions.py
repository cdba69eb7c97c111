"""Take a file, keep a draft."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Model, Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refused
from common.text import strip_unsafe
from posting import files, images
from posting.models import Draft, Upload

# A person's day.
MAX_FILES = 200
MAX_BYTES = 300 * files.MB
MAX_DRAFT = 64 * 1024
# Of one person; the oldest give way.
MAX_DRAFTS = 50


def store_upload(file: UploadedFile[Any], *, by: User, purpose: str) -> Upload:
    """Checks FILE and keeps it; raises Refused with the reason for the person."""
    limit = files.MAX_IMAGE if purpose == Upload.Purpose.IMAGE else files.MAX_CASE_FILE
    name = files.clean_name(file.name or "")
    size = file.size or 0
    if not size:
        raise Refused(_("“%(name)s” is empty.") % {"name": name})
    if size > limit:
        raise Refused(
            _("“%(name)s” is too large; up to %(limit)s are accepted.")
            % {"name": name, "limit": filesizeformat(limit)}
        )
    _check_quota(by, size)
    content = file.read()
    content_type = files.content_type_of(name, content, purpose)
    upload = Upload(owner=by, purpose=purpose, name=name, content_type=content_type)
    if content_type in files.INLINE:
        picture = images.redraw(content)
        content = picture.content
        upload.width, upload.height = picture.width, picture.height
    return _keep(upload, content)


def _check_quota(by: User, size: int) -> None:
    today = Upload.objects.filter(owner=by, created_at__gt=timezone.now() - timedelta(days=1))
    used = today.aggregate(count=Count("pk"), size=Sum("size"))
    if used["count"] >= MAX_FILES or (used["size"] or 0) + size > MAX_BYTES:
        raise Refused(_("You have sent a lot of files today. Send the rest tomorrow."))


def _keep(upload: Upload, content: bytes) -> Upload:
    name = secrets.token_hex(20)
    upload.size, upload.sha256 = len(content), hashlib.sha256(content).hexdigest()
    storage = storages["private"]
    upload.stored_as = storage.save(f"{name[:2]}/{name}", ContentFile(content))
    try:
        with transaction.atomic():
            upload.save(force_insert=True)
    except Exception:
        storage.delete(upload.stored_as)
        raise
    return upload


def attach(upload: Upload, target: Model, *, by: User) -> Upload:
    """Ties a file to what it was sent with; only its owner's, and only once."""
    changed = Upload.objects.filter(pk=upload.pk, owner=by, target_id=None, deleted_at=None).update(
        target_type=_kind(target), target_id=target.pk
    )
    if not changed:
        raise Refused(_("This file is no longer there. Send it again."))
    upload.refresh_from_db()
    return upload


def adopt(pictures: Iterable[str], target: Model, *, owner: int) -> None:
    """Ties pictures to the first post of their owner that shows them: hidden with it, shown with it."""
    Upload.objects.filter(
        pk__in=list(pictures), owner=owner, purpose=Upload.Purpose.IMAGE, target_id=None
    ).update(target_type=_kind(target), target_id=target.pk)


def uploads_of(*targets: Model) -> dict[int, list[Upload]]:
    """The files of several things of one kind, by the thing's key: one query."""
    found: dict[int, list[Upload]] = {target.pk: [] for target in targets}
    if targets:
        rows = Upload.objects.filter(
            target_type=_kind(targets[0]), target_id__in=list(found), deleted_at=None
        )
        for row in rows.order_by("created_at", "pk"):
            found[row.target_id or 0].append(row)
    return found


def delete_upload(upload: Upload) -> None:
    """Gone for everybody at once; the bytes are removed by a job a month later."""
    Upload.objects.filter(pk=upload.pk).update(deleted_at=timezone.now())


def _kind(target: Model) -> Any:
    return ContentType.objects.get_for_model(target)


def save_draft(user: User, key: str, data: dict[str, Any]) -> None:
    """Keeps what was typed; empty words remove the draft."""
    if not any(str(value).strip() for value in data.values()):
        discard_draft(user, key)
        return
    if sum(len(str(value)) for value in data.values()) > MAX_DRAFT:
        raise Refused(_("This draft is too long to keep."))
    # PostgreSQL stores no NUL, in keys neither.
    clean = {strip_unsafe(name): strip_unsafe(str(value)) for name, value in data.items()}
    Draft.objects.update_or_create(
        user=user,
        key=strip_unsafe(key)[:80],
        defaults={"data": clean, "updated_at": timezone.now()},
    )
    kept = Draft.objects.filter(user=user).order_by("-updated_at", "-pk").values("pk")
    oldest = list(kept[MAX_DRAFTS : MAX_DRAFTS + 50].values_list("pk", flat=True))
    if oldest:
        Draft.objects.filter(pk__in=oldest).delete()


def draft_for(user: Any, key: str) -> dict[str, Any] | None:
    if not user.is_authenticated:
        return None
    return Draft.objects.filter(user=user, key=key[:80]).values_list("data", flat=True).first()


def discard_draft(user: Any, key: str) -> None:
    if user.is_authenticated:
        Draft.objects.filter(user=user, key=key[:80]).delete()
