from __future__ import annotations

from common.jobs import job
from links import moves


@job(queue="default")
def expire_moves() -> None:
    moves.expire_due()
