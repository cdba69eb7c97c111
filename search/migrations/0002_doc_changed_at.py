"""When each document last changed, so that results can be sorted and filtered by it."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_BATCH = 1_000


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """From the entries, which every document of the live index was made of."""
    entries = apps.get_model("search", "Entry").objects
    docs = apps.get_model("search", "Doc").objects
    waiting: list[tuple[str, str, int]] = []
    for kind, object_id, updated in entries.values_list("kind", "object_id", "updated_at").iterator(
        _BATCH
    ):
        waiting.append((kind, object_id, int(updated.timestamp())))
        if len(waiting) == _BATCH:
            _write(docs, waiting)
            waiting = []
    _write(docs, waiting)


def _write(docs: models.Manager[models.Model], some: list[tuple[str, str, int]]) -> None:
    seconds = {(kind, object_id): when for kind, object_id, when in some}
    rows = list(
        docs.filter(
            kind__in={kind for kind, _, _ in some}, object_id__in=[one for _, one, _ in some]
        ).only("kind", "object_id")
    )
    for row in rows:
        row.changed_at = seconds.get((row.kind, row.object_id), 0)  # type: ignore[attr-defined]
    docs.bulk_update([row for row in rows if row.changed_at], ["changed_at"], batch_size=300)  # type: ignore[attr-defined]


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="doc",
            name="changed_at",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
