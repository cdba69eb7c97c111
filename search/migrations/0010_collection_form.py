from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0009_own_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="collection",
            name="made_by",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="collection",
            name="form",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
