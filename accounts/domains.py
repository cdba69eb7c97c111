"""Mail domains: which belong to everybody, and how one is written."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.errors import Refused

# Free mail providers, whose domains prove no organisation (S-02). Data, not rules: extend at will.
CONSUMER_DOMAINS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "outlook.de",
        "outlook.fr",
        "hotmail.com",
        "hotmail.co.uk",
        "hotmail.fr",
        "hotmail.it",
        "live.com",
        "msn.com",
        "yahoo.com",
        "yahoo.co.uk",
        "yahoo.de",
        "yahoo.fr",
        "yahoo.es",
        "yahoo.it",
        "yahoo.co.jp",
        "yahoo.com.br",
        "ymail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "gmx.de",
        "gmx.net",
        "gmx.at",
        "gmx.ch",
        "gmx.com",
        "web.de",
        "t-online.de",
        "freenet.de",
        "mail.com",
        "mail.de",
        "posteo.de",
        "mailbox.org",
        "wp.pl",
        "o2.pl",
        "onet.pl",
        "op.pl",
        "interia.pl",
        "gazeta.pl",
        "poczta.fm",
        "tlen.pl",
        "orange.fr",
        "free.fr",
        "laposte.net",
        "sfr.fr",
        "libero.it",
        "virgilio.it",
        "tiscali.it",
        "alice.it",
        "hotmail.es",
        "terra.es",
        "uol.com.br",
        "bol.com.br",
        "terra.com.br",
        "mail.ru",
        "yandex.ru",
        "yandex.com",
        "bk.ru",
        "inbox.ru",
        "list.ru",
        "ukr.net",
        "i.ua",
        "qq.com",
        "163.com",
        "126.com",
        "sina.com",
        "naver.com",
        "daum.net",
        "hanmail.net",
        "docomo.ne.jp",
        "ezweb.ne.jp",
        "softbank.ne.jp",
        "ziggo.nl",
        "kpnmail.nl",
        "xs4all.nl",
        "hetnet.nl",
        "hotmail.nl",
        "mynet.com",
        "fastmail.com",
        "hey.com",
        "tutanota.com",
        "tuta.com",
        "zoho.com",
        "rediffmail.com",
    ]
)


def normalise_domain(value: str) -> str:
    """Lower case, in IDNA form, without a trailing dot. Raises Refused for what is no domain."""
    domain = value.strip().rstrip(".").lower()
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Refused(_("This is not a domain name.")) from error
    labels = domain.split(".")
    if len(labels) < 2 or not all(label and len(label) <= 63 for label in labels):
        raise Refused(_("This is not a domain name."))
    if not all(label.replace("-", "").isalnum() for label in labels):
        raise Refused(_("This is not a domain name."))
    return domain


def is_consumer_domain(domain: str) -> bool:
    """Compares whole labels: attacker-gmail.com is not gmail.com (reliability class 32)."""
    return domain.strip().rstrip(".").lower() in CONSUMER_DOMAINS
