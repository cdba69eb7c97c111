"""Who is told of what happens on a case; whether they may still see it is asked on sending."""

from __future__ import annotations

from typing import Any

from accounts.access import Role
from common.markdown import excerpt
from notifications.actions import notify, subscribe
from support.models import Case, Message
from support.people import customers_of, desk_of, with_role

_EXCERPT = 180


def customers(
    case: Case, verb: str, *, by: Any = None, about: Message | None = None, **data: Any
) -> None:
    _tell(case, verb, case.get_absolute_url(), customers_of(case), by, about, data)


def requester(case: Case, verb: str, *, by: Any = None, **data: Any) -> None:
    people = [person for person in customers_of(case) if person.pk == case.requester_id]
    _tell(case, verb, case.get_absolute_url(), people, by, None, data)


def desk(
    case: Case, verb: str, *, by: Any = None, about: Message | None = None, **data: Any
) -> None:
    """The case's own people, else all agents."""
    _tell(case, verb, case.desk_url, desk_of(case), by, about, data)


def agents(case: Case, verb: str, *, by: Any = None, **data: Any) -> None:
    _tell(case, verb, case.desk_url, list(with_role(Role.AGENT)), by, None, data)


def person(case: Case, verb: str, who: Any, *, by: Any = None, **data: Any) -> None:
    """Somebody of the desk who now has something to do."""
    subscribe(who, case, reason="assigned")
    _tell(case, verb, case.desk_url, [who], by, None, data)


def _tell(
    case: Case,
    verb: str,
    url: str,
    people: list[Any],
    by: Any,
    about: Message | None,
    data: dict[str, Any],
) -> None:
    words = {"number": case.label, **data}
    if about is not None and about.body_html:
        words["excerpt"] = excerpt(about.body_html, _EXCERPT)
    notify(
        case,
        verb,
        actor=by,
        title=case.subject,
        url=url,
        recipients=people,
        data=words,
        about=about,
    )
