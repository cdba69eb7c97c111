"""The processes beside a rebuild start from nothing: what they are sent must be enough."""

from __future__ import annotations

from search.engines.elasticsearch.analysing import measure
from search.engines.elasticsearch.building import _pool
from search.engines.sql.weights import Means
from search.registry import Document


def test_another_process_can_analyse() -> None:
    document = Document(
        kind="note", object_id="1", title="Mailbox quota", body="Quotas.", url="/", language="en",
        tokens=frozenset({"public"}),
    )  # fmt: skip
    with _pool() as pool:
        means: Means = pool.submit(measure, [document]).result(timeout=60)
    assert means.languages == measure([document]).languages
