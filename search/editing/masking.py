"""What is kept of a query: tidy, and without what looks like somebody's own (SE-11)."""

from __future__ import annotations

import re
import unicodedata

from common.redaction import redact
from search.analysis.tokens import clean
from search.editing.names import without_names
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
# Without a sign between them: only what no word looks like, or `reset password policy` would go.
_SECRET_WORD = re.compile(
    r"(?<!\w)(?:pass(?:word|wd)?|pwd|hasło|haslo|passwort|kennwort|token|pin)\s{1,2}"
    r"(?:is\s|to\s|jest\s|ist\s)?(?!kb\d|o?365)"
    r"(?=\S{0,60}[\d!@#$%^&*])(?=\S{0,60}[^\W\d_])[\w!@#$%^&*.+-]{6,60}"
    r"|(?<!\w)pin\s{1,2}(?:is\s|to\s|jest\s|ist\s)?\d{4,8}(?!\w)",
    re.IGNORECASE,
)
# Passports, contracts, staff numbers.
_LETTERED = re.compile(r"(?<![\w-])(?!kb|rfc|cve|evt)[a-z]{1,3}\d{6,12}(?![\w-])", re.IGNORECASE)
_REPEATED = re.compile(rf"{re.escape(MASK)}(?:\s*{re.escape(MASK)})+")


def kept(query: str) -> str:
    """QUERY as the log keeps it: small letters, single blanks, and a mask over what is private."""
    text = " ".join(clean(unicodedata.normalize("NFKC", query), 256).split())
    # Redaction knows links and keys as a whole; the stricter rules would leave pieces of them.
    text = "".join(MASK if piece.kind else piece.before for piece in redact(text).segments)
    for pattern in (_SECRET, _SECRET_WORD, _CASE, _NUMBERED, _LETTERED, _DIGITS):
        text = pattern.sub(MASK, text)
    text = _REPEATED.sub(MASK, text.lower())
    return text[:QUERY_LENGTH].strip()


def nameless(text: str) -> str:
    """What was KEPT of a query, without the names of customers: asked of the database."""
    return _REPEATED.sub(MASK, without_names(text, MASK))
