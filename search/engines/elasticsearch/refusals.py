"""Why a document was not taken, without a word of it: reasons go into logs and the outbox."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from typing import Any

from elasticsearch import ApiError

from search.engines.elasticsearch import mapping
from search.engines.elasticsearch.client import BUSY

_NEWER = re.compile(r"current version \[(\d+)\]")
_TYPE = re.compile(r"[a-z_]{1,80}")
_NAMED = re.compile(r"[\[(']([a-z_]+)[\])']")
_FIELDS = frozenset(mapping.mapping().to_dict()["properties"])


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one document was not taken. NEWER is the version that is there already."""

    status: int
    reason: str
    newer: int = 0

    @property
    def is_stale(self) -> bool:
        return self.status == 409

    @property
    def is_passing(self) -> bool:
        return self.status in BUSY


def refusal_of(status: int, error: Any) -> Refusal:
    """From what the server says, which quotes the text: only its kind and the field are kept."""
    error = error if isinstance(error, dict) else {}
    cause = error.get("caused_by")
    errors = [error, cause if isinstance(cause, dict) else {}]
    newer = _NEWER.search(str(error.get("reason", "")))
    kinds = [kind for one in errors if _TYPE.fullmatch(kind := str(one.get("type", "")))]
    named = _NAMED.findall(" ".join(str(one.get("reason", "")) for one in errors))
    fields = sorted(_FIELDS.intersection(named))
    reason = ": ".join(filter(None, [" for ".join(dict.fromkeys(kinds)), ", ".join(fields)]))
    return Refusal(status, reason[:300] or f"status {status}", int(newer[1]) if newer else 0)


def refusal_of_request(error: ApiError) -> Refusal:
    body = error.body if isinstance(error.body, dict) else {}
    return refusal_of(error.status_code, body.get("error"))


def brief(error: Exception) -> str:
    """For the log: what a server says quotes texts and what people search for."""
    if isinstance(error, ApiError):
        return f"{error.status_code} {refusal_of_request(error).reason}"
    return str(error)


def refusal_of_fault(error: Exception) -> Refusal:
    """A text that cannot even be analysed here: where, but not what the message quotes."""
    place = extract_tb(error.__traceback__)[-1:]
    where = "".join(f" in {Path(frame.filename).name}:{frame.lineno}" for frame in place)
    return Refusal(400, f"{type(error).__name__}{where}"[:300])
