"""What is kept of a query: tidy, and without what looks like somebody's own (SE-11)."""

from __future__ import annotations

import re
import unicodedata

from common.redaction import redact
from search.analysis.tokens import clean
from search.models_editing import QUERY_LENGTH

MASK = "[…]"
# Redaction for letters lets short numbers pass, and expects codes in capitals; a search box
# sees them without both. Error codes (550 5.7.26, 0x80070005, KB5034441) must stay legible.
_DIGITS = re.compile(r"\+?(?<![\w.])\d(?:[ -]?\d){6,}(?![\w.]*\d)")
_NUMBERED = re.compile(
    r"(?<![\w/-])(?!(?:sha|utf|iso|aes|rsa|tls|ssl|kb|rfc|cve|cwe|http|wpa|md|rc|usb|iec|en)-)"
    r"[a-z]{2,8}-\d{4,12}(?![\w-])",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"(?<!\w)(?:case|ticket|zgłoszeni\w{1,4}|sprawa|sprawy|fall|vorgang|incident|dossier|caso|zaak)"
    r"\s{0,2}(?:number|no\.?|nr\.?|numer|nummer|#)?\s{0,2}#?\d{2,12}(?!\w)",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"(?<!\w)(?:pass(?:word|wd)?|pwd|hasło|haslo|passwort|kennwort|token|pin)\s{0,2}[:=]\s{0,2}\S{2,}",
    re.IGNORECASE,
)
_REPEATED = re.compile(rf"{re.escape(MASK)}(?:\s*{re.escape(MASK)})+")


def kept(query: str) -> str:
    """QUERY as the log keeps it: small letters, single blanks, and a mask over what is private."""
    text = " ".join(clean(unicodedata.normalize("NFKC", query), 256).split())
    # Redaction knows links and keys as a whole; the stricter rules would leave pieces of them.
    text = "".join(MASK if piece.kind else piece.before for piece in redact(text).segments)
    for pattern in (_SECRET, _CASE, _NUMBERED, _DIGITS):
        text = pattern.sub(MASK, text)
    text = _REPEATED.sub(MASK, text.lower())
    return text[:QUERY_LENGTH].strip()
