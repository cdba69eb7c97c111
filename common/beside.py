"""What a process started beside this one does first; models cannot be imported before it."""

from __future__ import annotations

import multiprocessing
import os
import threading
from multiprocessing.process import BaseProcess

import django


def prepare() -> None:
    """It ends with the one that made it, at whose queue it would else wait for ever when killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    django.setup()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
