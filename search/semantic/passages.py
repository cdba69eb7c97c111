"""Which pieces of a document get a vector of their own."""

from __future__ import annotations

# Measured with docs/decisions/0006-semantic.md: longer passages blur, more cost time.
_WORDS = 60
_PASSAGES = 4
_LEAST = 8
_LENGTH = 1_500


def passages_of(title: str, body: str) -> list[str]:
    """The title with the beginning of the text, and with each piece that follows."""
    words = body[: _LENGTH * _PASSAGES * 2].split()
    lead = f"{title}. " if title else ""
    found = [lead + " ".join(words[:_WORDS])]
    for start in range(_WORDS, _WORDS * _PASSAGES, _WORDS):
        piece = words[start : start + _WORDS]
        if len(piece) < _LEAST:
            break
        found.append(lead + " ".join(piece))
    return [passage[:_LENGTH] for passage in found]
