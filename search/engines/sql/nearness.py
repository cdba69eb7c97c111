"""Documents that match by meaning, beside those that match by words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search.engines.base import Near
from search.engines.sql.reading import Row, Statement
from search.engines.sql.tables import marks, rows
from search.models import Collection


def docs_of(near: Sequence[Near], collection: Collection) -> dict[int, float]:
    """Doc → cosine of what stands in COLLECTION."""
    cosines = {(one.kind, one.object_id): one.cosine for one in near}
    found: dict[int, float] = {}
    for kind in sorted({one.kind for one in near}):
        ids = [one.object_id for one in near if one.kind == kind]
        sql = (
            "SELECT id, object_id FROM search_doc WHERE collection_id = %s AND kind = %s"
            f" AND object_id IN ({marks(ids)})"
        )
        for doc, object_id in rows(sql, [collection.pk, kind, *ids]):
            found[doc] = cosines[kind, object_id]
    return found


def rows_of(statement: Statement, cosines: Mapping[int, float]) -> dict[int, tuple[Row, float]]:
    """Those of COSINES that may be found, by the document that stands for their family."""
    if not cosines:
        return {}
    sql = (
        f"{statement.sql} SELECT r.doc, r.score, r.kind, r.object_id, r.factor, r.changed_at,"
        " r.family, r.language, m.doc FROM matched m JOIN ranked r ON r.family = m.family"
        f" WHERE m.doc IN ({marks(list(cosines))})"
    )
    found: dict[int, tuple[Row, float]] = {}
    for *columns, doc in rows(sql, [*statement.parameters, *cosines]):
        row = Row(*columns)
        known = found.get(row.doc)
        if known is None or known[1] < cosines[doc]:
            found[row.doc] = (row, cosines[doc])
    return found


def joined(pool: Sequence[Row], near: Mapping[int, tuple[Row, float]]) -> list[Row]:
    """POOL with the rows of NEAR, each family once: by its words alone another may stand for it."""
    families = {row.family for row, _ in near.values()}
    others = [row for row in pool if row.doc not in near and row.family not in families]
    return [*others, *(row for row, _ in near.values())]
