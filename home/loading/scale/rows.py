"""Inserts plain rows: a load spends four fifths of its time in making and preparing objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

Row = Mapping[str, Any]


class Table:
    """Rows of one model as dictionaries by column, with keys that are given out here."""

    def __init__(self, model: type[models.Model]) -> None:
        self._model = model
        fields = model._meta.local_concrete_fields
        self._moments = [f.attname for f in fields if isinstance(f, models.DateTimeField)]
        self._names = [field.attname for field in fields]
        self._rest = {
            field.attname: field.get_db_prep_save(field.get_default(), connection)
            for field in fields
        }
        quoted = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
        places = ", ".join(["%s"] * len(fields))
        table = connection.ops.quote_name(model._meta.db_table)
        self._statement = f"INSERT INTO {table} ({quoted}) VALUES ({places})"  # noqa: S608
        rows = model._base_manager.using(connection.alias)
        self._last: int = rows.aggregate(last=models.Max("pk"))["last"] or 0

    def key(self) -> int:
        self._last += 1
        return self._last

    def insert(self, rows: Iterable[Row]) -> None:
        """What a row does not name has the model's default; a row without `id` gets one."""
        with connection.cursor() as cursor:
            cursor.executemany(self._statement, [self._values(row) for row in rows])

    def _values(self, row: Row) -> list[Any]:
        values = {**self._rest, **row}
        if values["id"] is None:
            values["id"] = self.key()
        adapt = connection.ops.adapt_datetimefield_value
        for name in self._moments:
            if values[name] is not None:
                values[name] = adapt(row[name]) if name in row else values[name]
        return [values[name] for name in self._names]

    def finish(self) -> None:
        """The database gives out keys again, from behind ours."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [self._model]):
                cursor.execute(statement)
