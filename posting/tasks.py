"""Removes what nobody needs any more."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.storage import storages
from django.db.models import Q
from django.utils import timezone

from common.jobs import job
from posting.models import Draft, IdempotencyKey, Upload

KEYS_KEPT = timedelta(days=3)
DRAFTS_KEPT = timedelta(days=90)
DELETED_KEPT = timedelta(days=30)
# A case file that was sent and never posted.
LOOSE_KEPT = timedelta(days=2)
BATCH = 200


@job(queue="bulk")
def prune() -> dict[str, int]:
    now = timezone.now()
    keys = IdempotencyKey.objects.filter(created_at__lt=now - KEYS_KEPT).delete()[0]
    drafts = Draft.objects.filter(updated_at__lt=now - DRAFTS_KEPT).delete()[0]
    loose = Q(purpose=Upload.Purpose.CASE_FILE, target_id=None, created_at__lt=now - LOOSE_KEPT)
    gone = Upload.objects.filter(Q(deleted_at__lt=now - DELETED_KEPT) | loose)
    removed = 0
    for upload in gone.order_by("pk")[:BATCH]:
        # The file first: a row without a file is found again, a file without a row is not.
        storages["private"].delete(upload.stored_as)
        upload.delete()
        removed += 1
    return {"keys": keys, "drafts": drafts, "uploads": removed}
