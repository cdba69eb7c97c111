"""Components that pages draw dozens of times: plain functions, three times as fast as templates.

Each is the content of the file of its name in templates/components, which names the inputs.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags.ui import (
    avatar,
    compact,
    hidden_fields,
    icon,
    mark,
    name,
    state,
    time,
)

register = template.Library()


def _lang(code: str) -> str:
    return format_html(' lang="{}"', code) if code else ""


def _items(parts: list[Any]) -> SafeString:
    return format_html_join("", "<li>{}</li>", ((part,) for part in parts if part))


@register.simple_tag(takes_context=True)
def question_row(context: Context) -> SafeString:
    question = context["question"]
    when: Any = time(question.created_at)
    if question.author:
        by = _("by %(name)s") % {"name": question.author.display_name}
        when = format_html("{}, {}", by, when)
    facts = [
        state("question", question.state, question.get_state_display()),
        question.product.name if question.product else "",
        when,
    ]
    count = question.me_too_count
    others = ""
    if count:
        others = format_html(
            '<p class="row__count"><b class="num">{}</b> <span>{}</span></p>',
            compact(count),
            ngettext("also had this", "also had this", count),
        )
    return format_html(
        '<li class="row">{}<div class="row__main"><a class="row__title" href="{}"{}>'
        '<bdi>{}</bdi></a><ul class="factline">{}</ul></div>{}</li>',
        mark("question", 20),
        question.get_absolute_url(),
        _lang(question.language),
        question.title,
        _items(facts),
        others,
    )


@register.simple_tag(takes_context=True)
def idea_row(context: Context) -> SafeString:
    idea = context["idea"]
    excerpt = context.get("excerpt")
    comments = ""
    if idea.comment_count:
        comments = ngettext("%(count)s comment", "%(count)s comments", idea.comment_count) % {
            "count": idea.comment_count
        }
    facts = [
        state("idea", idea.state, idea.get_state_display()),
        idea.product.name if idea.product else "",
        comments,
    ]
    text = ""
    if excerpt:
        text = format_html(
            '<p class="row__text"{} dir="auto">{}</p>', _lang(idea.language), excerpt
        )
    return format_html(
        '<li class="row row--idea">{}<div class="row__main"><a class="row__title" href="{}"{}>'
        '<bdi>{}</bdi></a>{}<ul class="factline">{}</ul></div></li>',
        _box_of_row(context, idea),
        idea.get_absolute_url(),
        _lang(idea.language),
        idea.title,
        text,
        _items(facts),
    )


def _box_of_row(context: Context, idea: Any) -> SafeString:
    action, signin = context.get("vote_url"), context.get("signin_url")
    if action:
        is_on = bool(context.get("is_on"))
        box = _box(idea.vote_count, idea.title, is_on=is_on)
        return _form(context, action, is_on, box, context.get("key"))
    if signin:
        return _box_to_sign_in(idea.vote_count, idea.title, signin)
    return format_html(
        '<a class="vote-box" href="{}" tabindex="-1" aria-hidden="true">{}'
        '<span class="vote-box__count">{}</span></a>',
        idea.get_absolute_url(),
        icon("caret-up-bold", 16),
        compact(idea.vote_count),
    )


@register.simple_tag(takes_context=True)
def vote_box(context: Context) -> SafeString:
    count, title = context["count"] or 0, context["name"]
    large = " vote-box--large" if context.get("large") else ""
    if context.get("signin_url"):
        return _box_to_sign_in(count, title, context["signin_url"], large)
    is_on, disabled = bool(context.get("is_on")), bool(context.get("disabled"))
    box = _box(count, title, is_on=is_on, large=large, disabled=disabled)
    return _form(context, context["action"], is_on, box, context.get("key"))


def _box_to_sign_in(count: int, title: str, url: str, large: str = "") -> SafeString:
    words = ngettext(
        "%(count)s vote, sign in to vote: %(name)s",
        "%(count)s votes, sign in to vote: %(name)s",
        count,
    ) % {"count": count, "name": title}
    return format_html(
        '<a class="vote-box{}" href="{}" rel="nofollow" title="{}">{}'
        '<span class="vote-box__count">{}</span><span class="sr-only">{}</span></a>',
        large,
        url,
        _("Sign in to vote"),
        icon("caret-up-bold", 16),
        compact(count),
        words,
    )


def _box(
    count: int, title: str, *, is_on: bool, large: str = "", disabled: bool = False
) -> SafeString:
    if is_on:
        words = ngettext(
            "%(count)s vote, you voted: %(name)s", "%(count)s votes, you voted: %(name)s", count
        )
    else:
        words = ngettext("%(count)s vote: %(name)s", "%(count)s votes: %(name)s", count)
    return format_html(
        '<button type="submit" class="vote-box{}{}" aria-pressed="{}" title="{}" data-error="{}"{}>'
        '{}{}<span class="vote-box__count" data-count="{}">{}</span>'
        '<span class="sr-only">{}</span></button>',
        large,
        " is-on" if is_on else "",
        "true" if is_on else "false",
        _("Take your vote back") if is_on else _("Vote for this"),
        _("Your vote did not arrive. Try again."),
        " disabled" if disabled else "",
        icon("caret-up-bold", 16, "when-off"),
        icon("caret-up-fill", 16, "when-on"),
        str(count),
        compact(count),
        words % {"count": count, "name": title},
    )


def _form(context: Context, action: str, is_on: bool, button: SafeString, key: Any) -> SafeString:
    return format_html(
        '<form class="vote-form" method="post" action="{}" data-vote>{}'
        '<input type="hidden" name="state" value="{}">{}{}</form>',
        action,
        hidden_fields(context),
        "off" if is_on else "on",
        format_html('<input type="hidden" name="key" value="{}">', key) if key else "",
        button,
    )


@register.simple_tag(takes_context=True)
def vote_button(context: Context) -> SafeString:
    return draw_vote_button(
        context,
        context["count"],
        action=context.get("action") or "",
        label=context["label"],
        sign=str(context["icon"]),
        is_on=bool(context.get("is_on")),
        signin_url=context.get("signin_url") or "",
        is_small=bool(context.get("small")),
        is_disabled=bool(context.get("disabled")),
        thing=context.get("name") or "",
        key=context.get("key"),
    )


def draw_vote_button(
    context: Context,
    count: int | None,
    *,
    action: str,
    label: str,
    sign: str,
    is_on: bool,
    signin_url: str,
    is_small: bool = False,
    is_disabled: bool = False,
    thing: str = "",
    key: Any = None,
) -> SafeString:
    count = count or 0
    small = " btn--small" if is_small else ""
    if signin_url:
        return format_html(
            '<a class="btn{} btn--count" href="{}" rel="nofollow" title="{}">{} {} {}</a>',
            small,
            signin_url,
            _("Sign in first"),
            icon(sign, 18),
            label,
            format_html('<span class="btn__count">{}</span>', compact(count)) if count else "",
        )
    hint = format_html('<span class="sr-only">{}</span>', _("you too")) if is_on else ""
    button = format_html(
        '<button type="submit" class="btn{} btn--count{}" aria-pressed="{}" data-error="{}"{}>'
        '{}{} <span data-label>{}</span> <span class="btn__count" data-count="{}">{}</span>{}{}'
        "</button>",
        small,
        " is-on" if is_on else "",
        "true" if is_on else "false",
        _("That did not arrive. Try again."),
        " disabled" if is_disabled else "",
        icon(sign, 18, "when-off"),
        icon(f"{sign}-fill", 18, "when-on"),
        label,
        str(count),
        compact(count),
        hint,
        format_html('<span class="sr-only">{}</span>', thing) if thing else "",
    )
    return _form(context, action, is_on, button, key)


@register.simple_tag(takes_context=True)
def person(context: Context) -> SafeString:
    return draw_person(
        context["person"],
        when=context.get("when"),
        organisation=context.get("organisation"),
        note=context.get("note"),
        is_staff=bool(context.get("staff")),
    )


def draw_person(
    who: Any, *, when: Any, organisation: Any, note: Any = "", is_staff: bool = False
) -> SafeString:
    facts = [organisation, note, time(when) if when else ""]
    return format_html(
        '<div class="person">{}<div class="person__text"><span class="person__name">{}{}</span>'
        '<ul class="factline">{}</ul></div></div>',
        avatar(who, 40, "staff") if is_staff else avatar(who, 40),
        name(who),
        role(who, is_staff=is_staff),
        _items(facts),
    )


@register.simple_tag
def role(who: Any, *, is_staff: bool = False) -> str:
    """Who speaks: staff as a filled word, an expert with a seal, peers without anything."""
    if is_staff:
        return format_html(' <span class="role role--staff">{}</span>', _("Support"))
    if getattr(who, "is_expert", False):
        return format_html(
            ' <span class="role role--expert">{}{}</span>', icon("seal-check-fill", 16), _("Expert")
        )
    return ""


@register.simple_tag
def filter_options(options: list[dict[str, Any]]) -> SafeString:
    return format_html_join(
        "",
        '<li><a class="filters__option{}" href="{}" rel="nofollow"{}>'
        '<span class="filters__box">{}</span><span class="filters__label">{}</span>{}</a></li>',
        (_option(option) for option in options),
    )


def _option(option: dict[str, Any]) -> tuple[Any, ...]:
    count = option["count"]
    shown = "" if count is None else format_html('<span class="num">{}</span>', compact(count))
    if not option["is_on"]:
        return ("", option["url"], "", "", option["label"], shown)
    here = format_html(' aria-current="{}"', "true")
    return (" is-on", option["url"], here, icon("check-bold", 12), option["label"], shown)
