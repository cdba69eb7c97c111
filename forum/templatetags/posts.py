"""The posts of a thread as plain functions: a member's page has a form, a menu and votes for each.

Each tag stands in the file of its name in templates/forum, which names the inputs.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.addresses import numbered, numbered_of_kind
from common.markdown import excerpt
from common.templatetags.rows import draw_person, draw_vote_button, role
from common.templatetags.ui import avatar, csrf_field, icon, name, next_field, sign, time

register = template.Library()
# A cut in what search engines read: most posts are far shorter.
_WORDS_FOR_MACHINES = 5_000


@register.filter
def words(html: str, length: int = _WORDS_FOR_MACHINES) -> str:
    """What a reader sees of stored HTML, without its marks (AP-05)."""
    return " ".join(excerpt(html, length).split())


@register.simple_tag(takes_context=True)
def answer_post(context: Context) -> SafeString:
    entry, is_solution = context["entry"], bool(context.get("is_solution"))
    answer = entry.post
    return format_html(
        '<article class="post{}{}" id="answer-{}">{}<div class="post__inner">'
        '<div class="post__head">{}{}{}</div>{}'
        '<div class="prose" lang="{}" dir="auto">{}</div>'
        '<div class="cluster">{}{}{}</div>{}</div></article>',
        " post--solution" if is_solution else "",
        " post--hidden" if answer.hidden_at else "",
        answer.pk,
        _strip(context, answer) if is_solution else "",
        draw_person(
            answer.author,
            when=answer.created_at,
            organisation=entry.speaker.organisation,
            is_staff=entry.speaker.is_staff,
        ),
        _edited(answer),
        _menu(context, entry) if context["user"].is_authenticated else "",
        _hidden(answer),
        context["question"].language,
        answer.html,
        draw_votes(context, answer, entry.my_vote, is_own=entry.is_own),
        _acceptance(context, answer, is_solution=is_solution),
        draw_remark_form(context, entry, entry.place),
        draw_remarks(context, entry),
    )


def _strip(context: Context, answer: Any) -> SafeString:
    who = context["question"].accepted_by
    return format_html(
        '<p class="post__strip">{} <strong>{}</strong> <span>{} {}</span></p>',
        sign("s-done", 18),
        _("Solution"),
        _("accepted by %(name)s") % {"name": who} if who else "",
        format_html("· {}", context["worked"]) if answer.helpful_count else "",
    )


def _edited(answer: Any) -> str:
    if not answer.edited_at:
        return ""
    url = numbered("forum:answer_history", answer.pk)
    return format_html('<a class="post__edited" href="{}">{}</a>', url, _("edited"))


def _hidden(answer: Any) -> str:
    if not answer.hidden_at:
        return ""
    words = _("Hidden from everybody but moderators: %(reason)s")
    return format_html('<p class="small ink-2">{}</p>', words % {"reason": answer.hidden_reason})


def _acceptance(context: Context, answer: Any, *, is_solution: bool) -> str:
    if not context.get("can_accept"):
        return ""
    if is_solution:
        url = numbered("forum:unaccept", context["question"].pk)
        look, label = " btn--quiet", format_html("{}", _("Not the solution after all"))
    else:
        url = numbered("forum:accept", answer.pk)
        label = format_html("{} {}", icon("check-circle", 18), _("This solved it"))
        look = ""
    return format_html(
        '<form method="post" action="{}">{}<button type="submit" class="btn btn--small{}">{}'
        "</button></form>",
        url,
        csrf_field(context),
        look,
        label,
    )


@register.simple_tag(takes_context=True)
def votes(context: Context) -> SafeString | str:
    mine = int(bool(context.get("helped_me"))) - int(bool(context.get("failed_me")))
    return draw_votes(context, context["answer"], mine, is_own=bool(context.get("is_own")))


def draw_votes(context: Context, answer: Any, mine: int, *, is_own: bool) -> SafeString | str:
    if is_own or not context.get("is_open"):
        count = answer.helpful_count
        if not count:
            return ""
        words = ngettext("helped %(count)s admin", "helped %(count)s admins", count)
        return format_html('<p class="votes-shown">{}</p>', words % {"count": count})
    signin = context.get("signin_url") or ""
    helped = draw_vote_button(
        context,
        answer.helpful_count,
        action=numbered("forum:helpful", answer.pk),
        label=_("Helped me"),
        sign="caret-up",
        is_on=mine > 0,
        signin_url=signin,
        is_small=True,
    )
    failed = draw_vote_button(
        context,
        answer.unhelpful_count,
        action=numbered("forum:unhelpful", answer.pk),
        label=_("Did not help"),
        sign="thumbs-down",
        is_on=mine < 0,
        signin_url=signin,
        is_small=True,
    )
    return format_html("{} {}", helped, failed)


@register.simple_tag(takes_context=True)
def remark_form(context: Context) -> SafeString | str:
    return draw_remark_form(context, context["entry"], context["place"])


def draw_remark_form(context: Context, entry: Any, place: str) -> SafeString | str:
    if not context.get("can_write"):
        return ""
    is_back = context.get("commented") == place
    form = context["comment_form"]
    is_question = place == "question"
    address = "forum:comment_question" if is_question else "forum:comment_answer"
    return format_html(
        '<details class="remark-form"{}><summary class="btn btn--quiet{}">{} {}</summary>'
        '<form class="form" method="post" action="{}" data-guard data-busy="{}">{}{}'
        '<label class="sr-only" for="comment-{}">{}</label>'
        '<textarea id="comment-{}" name="body" rows="3" maxlength="2000" required dir="auto"{}>{}'
        '</textarea>{}<div class="form-buttons">'
        '<button type="submit" class="btn btn--small">{}</button></div></form></details>',
        " open" if is_back else "",
        "" if is_question else " btn--small",
        icon("arrow-bend-up-left", 18, "flip"),
        _("Comment"),
        numbered(address, entry.post.pk),
        _("Sending"),
        csrf_field(context),
        context["comment_key"],
        place,
        _("Your comment"),
        place,
        _faults_of(place) if is_back else "",
        form["body"].value() or "" if is_back else "",
        _faults(form, place) if is_back else "",
        _("Add comment"),
    )


def _faults_of(place: str) -> SafeString:
    return format_html(' aria-invalid="true" aria-describedby="comment-error-{}" data-focus', place)


def _faults(form: Any, place: str) -> SafeString:
    errors = [*form.non_field_errors(), *form["body"].errors]
    return format_html(
        '<p class="field__error" id="comment-error-{}">{}<span>{}</span></p>',
        place,
        icon("warning-fill", 16),
        format_html_join("", "{} ", ((error,) for error in errors)),
    )


@register.simple_tag(takes_context=True)
def remarks(context: Context) -> SafeString | str:
    return draw_remarks(context, context["entry"])


def draw_remarks(context: Context, entry: Any) -> SafeString | str:
    if not entry.comments:
        return ""
    rows = ((_remark(context, remark),) for remark in entry.comments)
    return format_html(
        '<div class="remarks"><ul class="comments">{}</ul></div>',
        format_html_join("", "{}", rows),
    )


def _remark(context: Context, remark: Any) -> SafeString:
    comment, is_staff = remark.post, remark.speaker.is_staff
    return format_html(
        '<li class="comment{}" id="comment-{}">{}<div><b>{}</b> {}'
        '<div class="prose comment__text" lang="{}" dir="auto">{}</div> {} {} {} {}</div></li>',
        " comment--hidden" if comment.hidden_at else "",
        comment.pk,
        avatar(comment.author, 24, "staff") if is_staff else avatar(comment.author, 24),
        name(comment.author),
        role(comment.author, is_staff=is_staff),
        context["question"].language,
        comment.html,
        time(comment.created_at),
        _link("forum:edit_comment", comment.pk, _("Edit")) if remark.can_edit else "",
        _link("forum:delete_comment", comment.pk, _("Delete")) if remark.is_own else "",
        _hiding(context, remark) if context.get("is_moderator") else "",
    )


def _link(address: str, number: int, label: str) -> SafeString:
    return format_html(
        '<a class="comment__link" href="{}">{}</a>', numbered(address, number), label
    )


def _hiding(context: Context, remark: Any) -> SafeString:
    return format_html(
        '<details class="menu"><summary class="comment__link">{}</summary>'
        '<div class="menu__body">{}</div></details>',
        _("Hidden") if remark.post.hidden_at else _("Hide"),
        draw_moderation(context, remark.post, is_own=remark.is_own),
    )


def _menu(context: Context, entry: Any) -> SafeString:
    answer = entry.post
    words = _("More about the answer of %(name)s") % {"name": answer.author}
    items = [
        ("quotes", f"?quote={answer.pk}#write", _("Quote"), context.get("can_write")),
        ("pencil-simple", "forum:edit_answer", _("Edit"), entry.can_edit),
        ("clock", "forum:answer_history", _("History"), answer.edited_at),
        ("trash", "forum:delete_answer", _("Delete"), entry.is_own),
    ]
    return format_html(
        '<details class="menu push"><summary class="btn btn--quiet btn--icon btn--small" '
        'title="{}">{}<span class="sr-only">{}</span></summary>'
        '<div class="menu__body">{}{}</div></details>',
        _("More"),
        icon("dots-three", 20),
        words,
        format_html_join(
            "",
            '<a class="menu__item" href="{}">{} {}</a>',
            (
                (url if url[0] == "?" else numbered(url, answer.pk), icon(picture, 18), label)
                for picture, url, label, is_wanted in items
                if is_wanted
            ),
        ),
        draw_moderation(context, answer, is_own=entry.is_own),
    )


@register.simple_tag(takes_context=True)
def moderation(context: Context) -> SafeString | str:
    return draw_moderation(context, context["post"], is_own=bool(context.get("is_own")))


def draw_moderation(context: Context, post: Any, *, is_own: bool) -> SafeString | str:
    """Items of a menu: reporting, hiding with a reason, showing again."""
    if context.get("is_moderator"):
        return _restoring(context, post) if post.hidden_at else _taking_down(context, post)
    return "" if is_own else _reporting(context, post)


def _action(address: str, post: Any) -> str:
    return numbered_of_kind(address, post.moderation_key, post.pk)


def _restoring(context: Context, post: Any) -> SafeString:
    return format_html(
        '<form method="post" action="{}">{}{}<button type="submit" class="menu__item">{} {}'
        "</button></form>",
        _action("moderation:restore", post),
        csrf_field(context),
        next_field(context),
        icon("arrow-counter-clockwise", 18),
        _("Show again"),
    )


def _taking_down(context: Context, post: Any) -> SafeString:
    field = f"hide-{post.moderation_key}-{post.pk}"
    return format_html(
        '<form class="menu__form" method="post" action="{}">{}{}'
        '<label class="field__label" for="{}">{}</label>'
        '<input type="text" id="{}" name="reason" required maxlength="200">'
        '<button type="submit" class="btn btn--small">{} {}</button></form>',
        _action("moderation:hide", post),
        csrf_field(context),
        next_field(context),
        field,
        _("Why it is hidden"),
        field,
        icon("prohibit", 16),
        _("Hide"),
    )


def _reporting(context: Context, post: Any) -> SafeString:
    field = f"flag-{post.moderation_key}-{post.pk}"
    return format_html(
        '<form class="menu__form" method="post" action="{}">{}{}'
        '<label class="field__label" for="{}">{}</label>'
        '<select id="{}" name="reason">{}</select>'
        '<button type="submit" class="btn btn--small">{} {}</button></form>',
        _action("moderation:flag", post),
        csrf_field(context),
        next_field(context),
        field,
        _("Should not stand here"),
        field,
        context["flag_reasons"],
        icon("flag", 16),
        _("Report"),
    )
