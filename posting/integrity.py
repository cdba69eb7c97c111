"""What must hold of uploads; `check_integrity` prints what does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.core.files.storage import storages

from posting.models import Upload


def checks() -> Iterable[tuple[str, list[str]]]:
    yield "posting: every upload has its file", list(_files())


def _files() -> Iterator[str]:
    storage = storages["private"]
    rows = Upload.objects.filter(deleted_at=None).values_list("pk", "name", "stored_as", "size")
    for pk, name, stored_as, size in rows.iterator():
        if not storage.exists(stored_as):
            yield f"upload {pk} ({name}): the file is missing"
        elif storage.size(stored_as) != size:
            yield f"upload {pk} ({name}): {size} bytes stored, {storage.size(stored_as)} found"
