import search.models
from django.db import migrations


class Migration(migrations.Migration):
    """On SQLite the table is written anew, sorted by its key; nothing changes on PostgreSQL."""

    dependencies = [("search", "0007_collection_owner")]

    operations = [
        migrations.AlterField(
            model_name="posting",
            name="id",
            field=search.models.RowNumber(primary_key=True, serialize=False),
        ),
    ]
