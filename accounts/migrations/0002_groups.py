"""The groups that stand for staff roles; what they may do is given by `ensure_groups`."""

from __future__ import annotations

from django.db import migrations

# Spelled out: a migration stays what it was when the code moves on.
NAMES = ("moderator", "agent", "specialist", "editor", "product_manager", "administrator")


def make_groups(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in NAMES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
