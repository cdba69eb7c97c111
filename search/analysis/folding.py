"""Folds a word: compatibility forms, case, and (for exact forms) diacritics."""

from __future__ import annotations

import unicodedata

# Letters that Unicode does not decompose but people type without the stroke (S-46).
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ŧ": "t",
        "ŀ": "l",
        "ı": "i",
        "ĸ": "k",
        "ŋ": "n",
        "’": "'",
        "ʼ": "'",
        "ە": "ه",
        "ى": "ي",
        "ک": "ك",
        "ی": "ي",
        "ٱ": "ا",
        "ـ": None,
    }
)
_TURKISH = str.maketrans({"I": "ı", "İ": "i"})


def lower(word: str, language: str) -> str:
    """NFKC and case-folded; the Turkish dotless i is kept apart, its stemmer needs it."""
    if word.isascii() and language not in {"tr", "az"}:
        return word.lower()
    word = unicodedata.normalize("NFKC", word)
    if language in {"tr", "az"}:
        word = word.translate(_TURKISH)
    # Not casefold() for ß: the German stemmer wants it, fold() below writes it out.
    return unicodedata.normalize("NFC", word.lower()).replace("i\u0307", "i")


def fold(word: str) -> str:
    """Without diacritics: `zolw` for `żółw`. Hangul, kana and Indic signs stay whole."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    # Classes below 10 are nukta, virama and kana voicing: they tell letters apart.
    kept = "".join(c for c in parts if unicodedata.combining(c) < 10)
    return unicodedata.normalize("NFC", kept).translate(_LETTERS).casefold()
