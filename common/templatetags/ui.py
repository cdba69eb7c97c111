"""Template tags of the components: icons, marks, states, times, people, queries."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Context
from django.templatetags.static import static as _static
from django.utils import dateformat, formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from common.addresses import numbered
from common.languages import direction, spoken
from common.text import quoted

register = template.Library()
register.filter("direction", direction)
register.filter("quoted", quoted)
register.simple_tag(spoken, name="spoken_language")

KIND_LABELS = {
    "article": gettext_lazy("Article"),
    "question": gettext_lazy("Question"),
    "case": gettext_lazy("Case"),
    "idea": gettext_lazy("Idea"),
    "incident": gettext_lazy("Incident"),
    "announcement": gettext_lazy("Update"),
}
# The state codes of every kind: the shape of the mark, and its tone.
STATES = {
    "new": ("new", ""),
    "open": ("new", ""),
    "unanswered": ("new", ""),
    "needs_info": ("pause", "wait"),
    "draft": ("new", ""),
    "proposed": ("new", ""),
    "review": ("new", ""),
    "under_review": ("new", ""),
    "planned": ("quarter", ""),
    "answered": ("quarter", ""),
    "specialists": ("quarter", ""),
    "with_specialists": ("quarter", ""),
    "with_us": ("half", "info"),
    "building": ("half", "info"),
    "being_built": ("half", "info"),
    "started": ("half", "info"),
    "waiting": ("pause", "wait"),
    "waits": ("pause", "wait"),
    "waits_for_you": ("pause", "wait"),
    "waits_for_customer": ("pause", "wait"),
    "solved": ("done", "ok"),
    "shipped": ("done", "ok"),
    "confirmed": ("done", "ok"),
    "closed": ("done", "ok"),
    "declined": ("slash", ""),
    "archived": ("slash", ""),
    "expired": ("slash", ""),
    "unsolved": ("cross", ""),
    "closed_unsolved": ("cross", ""),
    "undone": ("cross", ""),
    "merged": ("arrow", ""),
    "duplicate": ("arrow", ""),
    "moved": ("arrow", ""),
    "working": ("done", "ok"),
    "slow": ("slow", "wait"),
    "partly": ("partly", "wait"),
    "down": ("down", "bad"),
    "maintenance": ("wrench", "info"),
}
# The same word means another thing for these kinds.
STATES_OF_KIND = {("question", "closed"): ("cross", "")}
PRIORITIES = {
    1: gettext_lazy("critical"),
    2: gettext_lazy("high"),
    3: gettext_lazy("normal"),
    4: gettext_lazy("low"),
}


@register.simple_tag
def static(path: str) -> str:
    """Django's tag asks every app for its name each time; an address does not change."""
    return _address(path)


@lru_cache(maxsize=256)
def _address(path: str) -> str:
    return _static(path)


@register.simple_tag
def address(name: str, number: int | str) -> str:
    """As `url` with a number, for what stands beside each post of a thread."""
    return numbered(name, number)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int = 18, extra: str = "") -> SafeString:
    """A Phosphor icon of img/icons.svg; decoration, the word beside it carries the meaning."""
    return _use("icons", name, size, "icon", extra)


@register.simple_tag
def mark(kind: str, size: int = 20, extra: str = "") -> SafeString:
    """The silhouette of a kind, in the colour of the kind, named for screen readers."""
    return _mark(kind, size, extra, str(KIND_LABELS.get(kind, kind)))


@lru_cache(maxsize=512)
def _mark(kind: str, size: int, extra: str, label: str) -> SafeString:
    return format_html(
        '<svg class="mark mark--{} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<use href="{}#k-{}"></use></svg>',
        kind,
        extra,
        size,
        size,
        label,
        _address("img/marks.svg"),
        kind,
    )


@register.simple_tag
@lru_cache(maxsize=512)
def sign(name: str, size: int = 16, extra: str = "") -> SafeString:
    """Any symbol of img/marks.svg by its id: `logo`, `s-half`, `p-1`."""
    return _use("marks", name, size, "sign", extra)


def _use(sprite: str, name: str, size: int, kind: str, extra: str) -> SafeString:
    return format_html(
        '<svg class="{} {}" width="{}" height="{}" aria-hidden="true">'
        '<use href="{}#{}"></use></svg>',
        kind,
        extra,
        size,
        size,
        _address(f"img/{sprite}.svg"),
        name,
    )


@register.simple_tag
def state(kind: str, value: str, label: str = "", tinted: bool = False) -> SafeString:
    """Ring and word: `kind` question, idea, case or service; `value` the code of its state."""
    return _state(str(kind), str(value), str(label or ""), bool(tinted))


# Not a template: a list has twenty of these, and the same few over and over.
@lru_cache(maxsize=1024)
def _state(kind: str, value: str, label: str, tinted: bool) -> SafeString:
    code = re.sub(r"[^a-z]+", "_", value.lower()).strip("_")
    shape, tone = STATES_OF_KIND.get((kind, code)) or STATES.get(code) or ("new", "")
    return format_html(
        '<span class="state{}{}">{}<span>{}</span></span>',
        f" state--{tone}" if tone else "",
        " state--tinted" if tinted else "",
        sign(f"s-{shape}", 16),
        label or code.replace("_", " ").capitalize(),
    )


@register.inclusion_tag("components/priority.html")
def priority(value: int, full: bool = False) -> dict[str, Any]:
    return {"value": value, "full": full}


@register.filter
def priority_word(value: int | str) -> str:
    number = _number(value)
    return str(PRIORITIES.get(number, "")) if number else ""


@register.filter
def priority_number(value: int | str) -> int:
    """4 for `4`, `"4"` and `"P4"`; 0 for anything else."""
    return _number(value)


def _number(value: int | str) -> int:
    found = re.search(r"\d", str(value))
    return int(found[0]) if found else 0


@register.simple_tag
def time(moment: datetime.datetime | datetime.date | None) -> SafeString | str:
    """Relative under 24 hours, then the date; exact time and zone in title and datetime."""
    if moment is None:
        return ""
    if not isinstance(moment, datetime.datetime):
        words = _date_text(moment, timezone.localdate())
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), words)
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    iso = local.isoformat(timespec="seconds")
    exact = _exact(iso, local.tzname() or "", get_language())
    return format_html(
        '<relative-time datetime="{iso}" threshold="P1D" prefix="" title="{exact}" no-title>'
        '<time datetime="{iso}" title="{exact}">{text}</time></relative-time>',
        iso=iso,
        exact=exact,
        text=_time_text(local),
    )


@lru_cache(maxsize=4096)
def _exact(iso: str, zone: str, _language: str | None) -> str:
    words = formats.date_format(datetime.datetime.fromisoformat(iso), "DATETIME_FORMAT")
    return f"{words} {zone}".strip()


def _time_text(local: datetime.datetime) -> str:
    now = timezone.now() if timezone.is_aware(local) else datetime.datetime.now()  # noqa: DTZ005
    age = now - local
    if datetime.timedelta() <= age < datetime.timedelta(minutes=1):
        return gettext("just now")
    if datetime.timedelta() <= age < datetime.timedelta(days=1):
        # Whole sentences: in many languages "ago" bends the word for the unit.
        minutes = int(age.total_seconds()) // 60
        if minutes < 60:
            words = ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes)
            return words % {"count": minutes}
        words = ngettext("%(count)d hour ago", "%(count)d hours ago", minutes // 60)
        return words % {"count": minutes // 60}
    return _date_text(local, now)


def _date_text(day: datetime.date, today: datetime.date) -> str:
    return _short_date(day.year, day.month, day.day, day.year == today.year, spoken())


@lru_cache(maxsize=4096)
def _short_date(year: int, month: int, day: int, in_this_year: bool, language: str) -> str:
    """The language's own order with a short month, as the browser's relative times have it."""
    pattern = formats.get_format("MONTH_DAY_FORMAT" if in_this_year else "DATE_FORMAT")
    # "b" is the short month as the language writes it within a sentence, "M" with a capital.
    month_code = "M" if language in {"en", "de"} else "b"
    return dateformat.format(datetime.date(year, month, day), re.sub("[FNE]", month_code, pattern))


@register.filter
def initials(person: Any) -> str:
    """Two letters for an avatar: of the first and the last word of the name."""
    name = str(getattr(person, "display_name", person) or "")
    words = [word for word in re.split(r"[\s._-]+", name) if word and word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


@register.simple_tag
def name(person: Any) -> SafeString | str:
    """A person's name; it leads to their profile, which closed accounts do not have."""
    if person is None:
        return gettext("Former member")
    if getattr(person, "is_active", False) and hasattr(person, "get_absolute_url"):
        url = person.get_absolute_url()
        return format_html('<a class="name" href="{}"><bdi>{}</bdi></a>', url, person)
    return format_html("<bdi>{}</bdi>", person)


@register.simple_tag
def avatar(person: Any, size: int = 32, tone: str = "") -> SafeString:
    """Initials on a quiet tint that stays the same for a person; tone: staff, you or square."""
    seed = getattr(person, "pk", None) or sum(map(ord, str(person)))
    tint = f"avatar--{int(seed) % 4}"
    return format_html(
        '<span class="avatar avatar--s{} {} {}" aria-hidden="true">{}</span>',
        size,
        tint,
        f"avatar--{tone}" if tone else "",
        initials(person),
    )


@register.simple_tag(takes_context=True)
def csrf_field(context: Context) -> SafeString | str:
    """The hidden token inside a component: `include … only` drops Django's own variable."""
    request = _request(context)
    if request is None:
        return ""
    # One mask a page does: a thread has thirty forms, and each mask takes 32 random numbers.
    kept: SafeString | None = getattr(request, "csrf_field", None)
    if kept is None:
        kept = format_html(
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request)
        )
        request.csrf_field = kept  # type: ignore[attr-defined]
    return kept


@register.simple_tag(takes_context=True)
def next_field(context: Context) -> SafeString | str:
    """Where a form without JavaScript comes back to: the page it stands on."""
    request = _request(context)
    if request is None:
        return ""
    return format_html('<input type="hidden" name="next" value="{}">', request.get_full_path())


def hidden_fields(context: Context) -> SafeString:
    """What each form of a component begins with."""
    return format_html("{}{}", csrf_field(context), next_field(context))


@register.simple_tag(takes_context=True)
def query_string(context: Context, **changes: Any) -> str:
    """This page's query with changes; None removes. A change starts again on the first page."""
    request = _request(context)
    if request is None:
        return "?"
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        elif isinstance(value, list | tuple):
            query.setlist(name, [str(item) for item in value])
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


def _request(context: Context) -> HttpRequest | None:
    found = getattr(context, "request", None) or context.get("request")
    return found if isinstance(found, HttpRequest) else None


@register.filter
def compact(value: int | None) -> str:
    """A count for a narrow box: 9,999 stays whole, 10,000 becomes 10k."""
    number = int(value or 0)
    if number < 10_000:
        return formats.number_format(number, use_l10n=True, force_grouping=True)
    return gettext("%(thousands)sk") % {"thousands": number // 1000}


@register.simple_tag(takes_context=True)
def next_query(context: Context) -> str:
    """`?next=…` for sign-in links: back to the page the person stands on."""
    request = _request(context)
    if request is None:
        return ""
    return f"?{urlencode({'next': request.get_full_path()})}"


@register.simple_block_tag(takes_context=True)
def read_block(context: Context, content: str, name: str) -> str:
    """What a page put into the block inside, as a variable: templates cannot read a block."""
    context[name] = content.strip()
    return ""
