"""A document as Elasticsearch keeps it: terms with weights, filters, and its words in order."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import blake2b
from itertools import chain
from typing import Any

from search.analysis.documents import Analysed, analyse
from search.analysis.tokens import clean
from search.analysis.words import BIGRAM, EXACT, GRAM, STEM
from search.engines.elasticsearch import facets
from search.engines.elasticsearch.index import Item, Key, id_of
from search.engines.elasticsearch.mapping import PHRASE, PRIVATE, PUBLIC, TITLE
from search.engines.sql.ranking import packed
from search.engines.sql.weights import factor_of, family_number, term_weights
from search.registry import Document

STOP = "-"
_KNOWN = 300_000
_PARTS = {BIGRAM, GRAM}
_PAIR = f"{STEM}::"
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def plain(text: str) -> str:
    """TEXT as `_line` writes it: a lone surrogate has no bytes."""
    return text if text.isascii() else text.encode(errors="replace").decode()


class _Numbers(dict[str, int]):
    """Numbers that stand for stems and forms where words are kept in order; 0 is a stop word."""

    def __missing__(self, key: str) -> int:
        if len(self) > _KNOWN:
            self.clear()
        digest = blake2b(key.encode(errors="replace"), digest_size=4).digest()
        number = self[key] = (int.from_bytes(digest, "big") or 1) if key else 0
        return number


# Asked for every word of every text, so it is a look into a dictionary and nothing else.
number_of = _Numbers().__getitem__


def analysed(document: Document) -> Analysed:
    return analyse(clean(document.title, 1000), document.body, document.language, document.tags)


def item_of(
    document: Document, text: Analysed, means: tuple[float, float], number: int = 0
) -> Item:
    """DOCUMENT as lines of a bulk request; NUMBER parts equal scores if it has no version."""
    fields = encode(document, text, means, number_for(document) if document.version else number)
    key = (document.kind, document.object_id)
    return Item(key, _head("index", key, document.version) + _line(fields))


def removal(key: Key, version: int) -> Item:
    return Item(key, _head("delete", key, version))


def vocabulary_of(text: Analysed) -> list[str]:
    """The terms that spelling and completion choose from."""
    keys = chain(text.body, (key for key in text.title if key not in text.body))
    return [key for key in keys if key[0] == EXACT or key.startswith(_PAIR)]


def encode(
    document: Document, text: Analysed, means: tuple[float, float], number: int
) -> dict[str, Any]:
    is_public = "public" in document.tokens
    changed = document.updated_at or document.created_at
    stems = [stem or STOP for stem in text.sequence]
    fields: dict[str, Any] = {
        PUBLIC if is_public else PRIVATE: term_weights(text, means),
        TITLE: " ".join([key for key in text.title if key[0] not in _PARTS]),
        PHRASE: [" ".join(stems[: text.title_words]), " ".join(stems[text.title_words :])],
        "kind": document.kind,
        "object_id": document.object_id,
        "language": document.language,
        "primary": primary_of(document.language),
        "product": document.product,
        "state": document.state,
        "solved": facets.solved_of(document.solved),
        facets.COLUMN: facets.written(document),
        "tokens": sorted(document.tokens),
        "is_public": is_public,
        "doc": number,
        "changed": int(changed.timestamp()) if changed else 0,
        "factor": factor_of(demoted=document.demoted, popularity=document.popularity),
        "words": _packed(text),
    }
    if document.family:
        fields["family"] = family_number(document.family)
    return fields


def primary_of(language: str) -> str:
    return language.partition("-")[0].lower()


def number_for(document: Document) -> int:
    """Parts equal scores: later versions first, as rows with later ids are."""
    identity = id_of((document.kind, document.object_id))
    digest = blake2b(identity.encode(errors="replace"), digest_size=1).digest()
    return (document.version << 8) + digest[0]


def _packed(text: Analysed) -> str:
    return b64encode(packed(text, number_of)).decode()


def _line(value: Any) -> bytes:
    return _JSON.encode(value).encode(errors="replace") + b"\n"


def _head(action: str, key: Key, version: int) -> bytes:
    # The same document a second time is taken, an older one never.
    held = {"version": version, "version_type": "external_gte"}
    return _line({action: {"_id": id_of(key), **held}})
