"""Where the words of a document stand, by term. What was indexed before is indexed anew."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def empty(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Takes out what the `sql` engine holds, and has the scheduler fill it from the entries."""
    if not apps.get_model("search", "Doc").objects.exists():
        return
    if schema_editor.connection.vendor == "postgresql":
        # Deferred checks would forbid to change the tables in the same transaction.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("docwords", "posting", "doctoken", "doc", "term"):
        schema_editor.execute(f"DELETE FROM search_{table}")  # noqa: S608
    apps.get_model("jobs", "Schedule").objects.filter(name="search.tidy").update(
        next_at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("search", "0004_editing"), ("jobs", "__first__")]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
        migrations.RemoveField(model_name="docwords", name="sequence"),
        migrations.RemoveField(model_name="docwords", name="offsets"),
        migrations.RemoveField(model_name="docwords", name="title_words"),
        migrations.AddField(
            model_name="docwords", name="words", field=models.BinaryField(default=b"")
        ),
        migrations.AddIndex(
            model_name="doc",
            index=models.Index(
                condition=models.Q(("family__lt", 0)), fields=["family"], name="search_doc_family"
            ),
        ),
    ]
