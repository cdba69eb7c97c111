from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def remember_files(apps: Any, schema_editor: Any) -> None:
    from kb.files import names_in

    rows = apps.get_model("kb", "ArticleFile")
    articles = apps.get_model("kb", "ArticlePage").objects.values_list("pk", "body_html")
    rows.objects.bulk_create(
        (
            rows(article_id=pk, name=name)
            for pk, text in articles.iterator()
            for name in sorted(names_in(text))
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("kb", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ArticleFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(db_index=True, max_length=300)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="kb.articlepage",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("article", "name"), name="file_once")
                ],
            },
        ),
        migrations.RunPython(remember_files, migrations.RunPython.noop),
    ]
