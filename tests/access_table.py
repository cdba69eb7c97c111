"""Who gets which answer where: reviewed by people, never computed from the code it judges.

A row: method, URL name, arguments (attributes of the world), who → status, and what a POST sends.
Names are those of the cast; the bare number at the end is for everybody else. Unless a row says
otherwise, a person whose account is closed counts as anonymous, and staff without a second factor
(the newcomer) are sent to set it up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.factories import World
from tests.versions import seen, seen_officially, seen_stage

# Signed in or else to the sign-in page.
MEMBER = "anonymous 302, "
MODS = MEMBER + "erin root "
AGENT = MEMBER + "dana root "
DESK = MEMBER + "dana sam root "
ACME_CASE = MEMBER + "alice adam della "
NEW = {"title": "A whole new kestrel", "body": "With a body.", "language": "en", "key": ""}


@dataclass(frozen=True)
class Row:
    method: str
    name: str
    args: str
    spec: str
    data: dict[str, Any] = field(default_factory=dict)

    def status(self, person: str) -> int:
        """What the table says of one of the cast."""
        rest, named = 0, {}
        for part in self.spec.split(","):
            *names, status = part.split()
            rest = int(status) if not names else rest
            named.update(dict.fromkeys(names, int(status)))
        if person == "gone":
            person = "anonymous"
        if person == "newcomer" and person not in named:
            return 302
        return named.get(person, rest)

    def arguments(self, world: World, person: str) -> list[Any]:
        return [_value(world, person, path) for path in self.args.split()]

    def body(self, world: World, person: str) -> dict[str, Any]:
        return {name: _filled(world, person, value) for name, value in self.data.items()}

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.args}".strip()


def _value(world: World, person: str, path: str) -> Any:
    if path == "@token":
        return world.file_token(world.people[person])
    if path.startswith("'"):
        return path.strip("'")
    if path.startswith("seen "):
        what = path.removeprefix("seen ")
        if what == "me":
            return seen(world.people[person])
        if what in {"official", "stage"}:
            return (seen_officially if what == "official" else seen_stage)(world.open_idea)
        return seen(_value(world, person, what))
    found: Any = world
    for name in path.split("."):
        found = getattr(found, name)
    return found


def _filled(world: World, person: str, value: Any) -> Any:
    if isinstance(value, str) and value.startswith("@"):
        return _value(world, person, value[1:])
    return value


def get(name: str, args: str, spec: str, /, **query: str) -> Row:
    return Row("GET", name, args, spec, query)


def post(name: str, args: str, spec: str, /, **data: Any) -> Row:
    return Row("POST", name, args, spec, data)


SECTIONS = ("articles", "sections", "questions", "ideas")

SITE = [
    get("healthz", "", "200"),
    get("readyz", "", "200"),
    get("robots", "", "200"),
    get("sitemap_index", "", "200"),
    *(get("sitemap", f"'{section}'", "200") for section in SECTIONS),
    get("sitemap", "'cases'", "404"),
    get("api-v1:openapi-json", "", "200, newcomer 403"),
    get("api-v1:api-root", "", "404, newcomer 403"),
    get("api-v1:search", "", "200, newcomer 403", q="kestrel"),
    *(
        get(f"api-v1:{kind}", "", "200, newcomer 403")
        for kind in ("articles", "questions", "ideas", "cases")
    ),
    get("home:index", "", "200"),
    get("home:accessibility", "", "200"),
    get("home:privacy", "", "200"),
    get("home:api", "", "200"),
    get("home:design", "", "200"),
    get("home:demo", "", "200, newcomer 200"),
    post("home:demo_sign_in", "", "404, newcomer 404", person="@cast.mia.pk"),
    get("search:results", "", "200", q="kestrel"),
    get("search:suggest", "", "200", q="kestr"),
    get("search:opensearch", "", "200"),
    # Only a page of the site itself may tell what was seen.
    post("search:seen", "", "403", event="search", token="forged"),
    post("posting:upload", "", MEMBER + "422"),
    post("posting:preview", "", MEMBER + "200", text="**kestrel**"),
    post("posting:draft", "'forum.ask'", MEMBER + "204", title="kestrel"),
    get("posting:image", "'none'", "404"),
    # A case file never opens as a picture, whoever asks.
    get("posting:image", "upload.pk", "404"),
    get("notifications:inbox", "", MEMBER + "200"),
    post("notifications:read_all", "", MEMBER + "302"),
    post("notifications:open", "notice.pk", MEMBER + "mia 302, 404"),
    get("notifications:unsubscribe", "unsubscribe", "200"),
    post("notifications:unsubscribe", "unsubscribe", "200"),
]

PEOPLE = [
    get("accounts:profile", "cast.mia.pk", "200"),
    # Nothing public bears her name: for colleagues and staff.
    get("accounts:profile", "cast.della.pk",
        "alice adam della bob dana sam erin ed pam root 200, 404"),
    # Agents may hand an account on.
    get("accounts:profile", "gone.pk", "dana root 200, 404"),
    get("accounts:settings", "", MEMBER + "200"),
    post("accounts:settings", "", MEMBER + "302", display_name="New", language="en", time_zone="UTC",
         seen="@seen me"),
    get("accounts:totp_picture", "", "404, newcomer 404"),
    get("accounts:organisations", "", AGENT + "200, 404"),
    get("accounts:organisation_new", "", AGENT + "200, 404"),
    post("accounts:organisation_new", "", AGENT + "302, 404", name="Cedar", language="en"),
    get("accounts:organisation", "'acme'", MEMBER + "alice adam della bob dana root 200, 404"),
    get("accounts:organisation", "'birch'", MEMBER + "carol dana root 200, 404"),
    get("accounts:organisation", "'nowhere'", MEMBER + "404"),
    post("accounts:invite", "'acme'", MEMBER + "alice adam dana root 302, 404",
         email="new@people.example", role="member"),
    post("accounts:leave", "'acme'", MEMBER + "alice adam della bob 302, 404"),
    post("accounts:domain_add", "'acme'", AGENT + "302, 404", domain="acme2.example"),
    post("accounts:domain_prove", "'acme' domain.pk", AGENT + "302, 404"),
    post("accounts:member_change", "'acme' membership.pk", MEMBER + "alice adam dana root 302, 404",
         role="delegate"),
    post("accounts:invitation_cancel", "'acme' invitation.pk",
         MEMBER + "alice adam dana root 302, 404"),
    get("accounts:claim", "'forged'", "404"),
    post("accounts:claim", "'forged'", "404"),
    get("accounts:claim_invite", "imported.pk", AGENT + "200, 404"),
    get("accounts:claim_invite", "cast.mia.pk", MEMBER + "404"),
    post("accounts:claim_invite", "imported.pk", AGENT + "302, 404", email="x@people.example"),
    post("accounts:claim_cancel", "imported.pk", AGENT + "302, 404"),
    get("accounts:invitation", "'forged'", "404"),
    post("accounts:invitation", "'forged'", "404"),
]  # fmt: skip

CUSTOMER_READERS = "alice adam della bob carol dana sam erin ed pam root"

PICTURES = [
    get("picture", "pictures.public", "200"),
    get("picture", "pictures.customers", CUSTOMER_READERS + " 200, newcomer 302, 404"),
    get("picture", "pictures.staff", "dana sam erin ed pam root 200, newcomer 302, 404"),
    # Below a section for staff, and in a draft.
    get("picture", "pictures.inner", "dana sam erin ed pam root 200, newcomer 302, 404"),
    get("picture", "pictures.draft", "ed root 200, newcomer 302, 404"),
    get("picture", "'images/none.webp'", "404"),
]

MODERATION = [
    get("moderation:index", "", MODS + "200, 404"),
    get("moderation:index", "", MODS + "200, 404", show="hidden"),
    get("moderation:show", "'forum.question' hidden_question.pk", MODS + "302, 404"),
    post("moderation:hide", "'forum.question' question.pk", MODS + "302, 404", reason="spam"),
    post("moderation:restore", "'forum.question' hidden_question.pk", MODS + "302, 404"),
    post("moderation:reject", "'forum.question' question.pk", MODS + "302, 404"),
    get("moderation:flag", "'forum.question' question.pk", MEMBER + "200"),
    get("moderation:flag", "'forum.question' hidden_question.pk", MODS + "200, 404"),
    get("moderation:flag", "'ideas.ideacomment' note.pk",
        MEMBER + "dana sam erin ed pam root 200, 404"),
    post("moderation:flag", "'forum.question' solved.pk", MEMBER + "302", reason="spam"),
    post("moderation:flag", "'forum.question' hidden_question.pk", MODS + "409, 404",
         reason="spam"),
]  # fmt: skip

FORUM = [
    get("forum:list", "", "200"),
    get("forum:feed", "", "200"),
    get("forum:ask", "", "200"),
    post("forum:ask", "", "302", **NEW),
    get("forum:similar", "", "200", title="kestrel question"),
    post("forum:similar", "", "200", title="A text", body="like the kestrel question"),
    get("forum:ask_solved", "", "200"),
    get("forum:short", "question.pk", "301"),
    get("forum:short", "hidden_question.pk", "erin root 301, 404"),
    get("forum:question", "question.pk question.slug", "200"),
    get("forum:question", "solved.pk solved.slug", "200"),
    get("forum:question", "hidden_question.pk 'x'", "erin root 301, 404"),
    get("forum:question", "deleted_question.pk 'x'", "404"),
    post("forum:answer", "question.pk", MEMBER + "302", body="An answer to it."),
    post("forum:answer", "hidden_question.pk", MEMBER + "erin root 422, 404", body="An answer."),
    post("forum:comment_question", "question.pk", MEMBER + "302", body="A comment."),
    post("forum:comment_answer", "answer.pk", MEMBER + "302", body="A comment."),
    post("forum:comment_answer", "hidden_answer.pk", MEMBER + "erin root 422, 404", body="So."),
    post("forum:me_too", "question.pk", MEMBER + "mia 409, 302", state="on"),
    post("forum:me_too", "hidden_question.pk", MEMBER + "erin root 409, 404", state="on"),
    post("forum:follow", "question.pk", MEMBER + "302", state="on"),
    post("forum:follow", "hidden_question.pk", MEMBER + "erin root 302, 404", state="on"),
    post("forum:helpful", "answer.pk", MEMBER + "xena 409, 302", state="on"),
    post("forum:unhelpful", "answer.pk", MEMBER + "xena 409, 302", state="on"),
    post("forum:helpful", "hidden_answer.pk", MEMBER + "erin root 409, 404", state="on"),
    post("forum:accept", "answer.pk", MEMBER + "mia dana sam erin ed pam root 302, 409"),
    post("forum:accept", "hidden_answer.pk", MEMBER + "erin root 409, 404"),
    post("forum:unaccept", "solved.pk", MEMBER + "bob dana sam erin ed pam root 302, 409"),
    post("forum:ask_info", "question.pk", MEMBER + "mia 409, 302"),
    post("forum:info_given", "question.pk",
         MEMBER + "mia dana sam erin ed pam root 302, 409"),
    get("forum:edit", "question.pk", MEMBER + "mia erin root 200, 404"),
    post("forum:edit", "question.pk", MEMBER + "mia erin root 302, 404", **NEW, reason="Why",
         seen="@seen question"),
    get("forum:edit", "hidden_question.pk", MODS + "200, 404"),
    get("forum:delete", "open_question.pk", MEMBER + "mia 200, 404"),
    post("forum:delete", "open_question.pk", MEMBER + "mia 302, 404"),
    get("forum:history", "solved.pk", "200"),
    get("forum:history", "hidden_question.pk", "erin root 200, 404"),
    get("forum:answer_history", "answer.pk", "200"),
    get("forum:answer_history", "hidden_answer.pk", "erin root 200, 404"),
    get("forum:edit_answer", "answer.pk", MEMBER + "xena erin root 200, 404"),
    post("forum:edit_answer", "answer.pk", MEMBER + "xena erin root 302, 404", body="Anew.",
         reason="Why", seen="@seen answer"),
    get("forum:delete_answer", "answer.pk", MEMBER + "xena 200, 404"),
    post("forum:delete_answer", "answer.pk", MEMBER + "xena 302, 404"),
    get("forum:edit_comment", "comment.pk", MEMBER + "bob erin root 200, 404"),
    post("forum:edit_comment", "comment.pk", MEMBER + "bob erin root 302, 404", body="Anew.",
         reason="Why", seen="@seen comment"),
    get("forum:delete_comment", "comment.pk", MEMBER + "bob 200, 404"),
    post("forum:delete_comment", "comment.pk", MEMBER + "bob 302, 404"),
    get("forum:duplicate", "question.pk", MODS + "200, 404"),
    post("forum:duplicate", "question.pk", MODS + "302, 404", original="@solved.pk"),
    post("forum:not_duplicate", "question.pk", MODS + "302, 404"),
    get("forum:move", "question.pk", MEMBER + "dana erin pam root 200, 404"),
    post("forum:move", "question.pk", MEMBER + "dana erin pam root 302, 404", existing="0",
         title="A whole new kestrel", body="So that it flies."),
    post("forum:move_back", "question.pk", MEMBER + "dana erin pam root 409, 404"),
]  # fmt: skip

IDEAS = [
    get("ideas:list", "", "200"),
    get("ideas:feed", "", "200"),
    get("ideas:list", "", "200", tab="mine"),
    get("ideas:new", "", MEMBER + "200"),
    post("ideas:new", "", MEMBER + "302", **NEW),
    get("ideas:similar", "", "200", title="kestrel idea"),
    post("ideas:similar", "", "200", title="A text", body="like the kestrel idea"),
    get("ideas:short", "idea.pk", "301"),
    get("ideas:short", "hidden_idea.pk", "erin root 301, 404"),
    get("ideas:idea", "idea.pk idea.slug", "200"),
    get("ideas:idea", "open_idea.pk open_idea.slug", "200"),
    get("ideas:idea", "hidden_idea.pk 'x'", "erin root 301, 404"),
    get("ideas:idea", "deleted_idea.pk 'x'", "404"),
    post("ideas:vote", "open_idea.pk", MEMBER + "302", state="on"),
    # Declined: nobody votes any more.
    post("ideas:vote", "idea.pk", MEMBER + "409", state="on"),
    post("ideas:vote", "hidden_idea.pk", MEMBER + "erin root 409, 404", state="on"),
    post("ideas:follow", "open_idea.pk", MEMBER + "302", state="on"),
    post("ideas:follow", "hidden_idea.pk", MEMBER + "erin root 409, 404", state="on"),
    post("ideas:comment", "open_idea.pk", MEMBER + "302", body="A comment."),
    post("ideas:comment", "hidden_idea.pk", MEMBER + "erin root 422, 404", body="A comment."),
    get("ideas:edit", "open_idea.pk", MEMBER + "bob pam root 200, 409"),
    post("ideas:edit", "open_idea.pk", MEMBER + "bob pam root 302, 409", **NEW,
         seen="@seen open_idea"),
    get("ideas:edit", "hidden_idea.pk", MEMBER + "erin root 409, 404"),
    get("ideas:delete", "open_idea.pk", MEMBER + "bob 200, 404"),
    # Somebody has joined it.
    post("ideas:delete", "open_idea.pk", MEMBER + "bob 409, 404"),
    post("ideas:stage", "open_idea.pk", MEMBER + "pam root 302, 404",
         **{"stage-stage": "@planned.pk", "stage-reason": "Soon.",
            "stage-seen": "@seen stage"}),
    post("ideas:answer", "open_idea.pk", MEMBER + "pam root 302, 404",
         **{"official-text": "We do it.", "official-seen": "@seen official"}),
    get("ideas:edit_comment", "idea_comment.pk", MEMBER + "bob 200, 404"),
    post("ideas:edit_comment", "idea_comment.pk", MEMBER + "bob 302, 404", body="Anew.",
         seen="@seen idea_comment"),
    post("ideas:delete_comment", "idea_comment.pk", MEMBER + "bob 302, 404"),
    post("ideas:delete_comment", "note.pk", MEMBER + "pam 302, 404"),
]  # fmt: skip

SUPPORT = [
    get("support:contact", "", "200"),
    get("support:policy", "", "200"),
    get("support:new", "", MEMBER + "200"),
    post("support:new", "", MEMBER + "alice adam della carol 422, 403", subject="Too little"),
    get("support:priority", "", MEMBER + "200", affected="one", usable="no"),
    get("support:suggest", "", MEMBER + "200", subject="kestrel mailbox"),
    post("support:suggest", "", MEMBER + "200", subject="A text", body="like the kestrel mailbox"),
    get("support:solved", "", MEMBER + "200"),
    get("support:cases", "", MEMBER + "200"),
    # The desk's people are led to the desk.
    get("support:case", "case.number", ACME_CASE + "200, dana sam root 302, 404"),
    get("support:case", "other_case.number", MEMBER + "alice adam 200, dana root 302, 404"),
    get("support:case", "offered_case.number", ACME_CASE + "200, dana root 302, 404"),
    get("support:case", "birch_case.number", MEMBER + "carol 200, dana root 302, 404"),
    post("support:answer", "case.number", ACME_CASE + "302, 404", body="More about it."),
    post("support:answer", "birch_case.number", MEMBER + "carol 302, 404", body="More about it."),
    get("support:withdraw", "case.number", ACME_CASE + "200, 404"),
    post("support:withdraw", "case.number", ACME_CASE + "302, 404", text="It works."),
    get("support:object", "case.number", ACME_CASE + "200, 404"),
    post("support:object", "case.number", ACME_CASE + "409, 404", reason="No."),
    post("support:decide", "offered_case.number", MEMBER + "alice adam 409, della 302, 404",
         answer="yes"),
    post("support:undo", "offered_case.number",
         MEMBER + "alice adam della dana root 409, 404"),
    get("support:file", "case.number upload.pk",
        MEMBER + "alice adam della dana sam root 302, 404"),
    get("support:file", "case.number note_upload.pk", DESK + "302, 404"),
    get("support:file", "birch_case.number upload.pk", MEMBER + "404"),
    get("support:download", "@token", MEMBER + "alice adam della dana sam root 200, 404"),
    get("support:desk", "", DESK + "200, 404"),
    get("support:on_behalf", "", AGENT + "200, 404"),
    post("support:on_behalf", "", AGENT + "422, 404", subject="Too little"),
    get("support:desk_case", "case.number", DESK + "200, 404"),
    get("support:desk_case", "other_case.number", AGENT + "200, 404"),
    get("support:desk_case", "offered_case.number", AGENT + "200, 404"),
    post("support:message", "case.number", DESK + "302, 404", kind="note", body="To us."),
    post("support:message", "other_case.number", AGENT + "302, 404", kind="reply", body="Hello."),
    # Nobody of the table wrote the message: staff are told that it stays.
    post("support:unsend", "case.number upload.target.pk", DESK + "409, 404"),
    post("support:assign", "case.number", AGENT + "302, 404", to="@cast.dana.pk"),
    get("support:set_priority", "case.number", AGENT + "200, 404"),
    post("support:set_priority", "case.number", AGENT + "302, 404", priority="2", reason="Why."),
    get("support:escalate", "other_case.number", AGENT + "200, 404"),
    post("support:escalate", "other_case.number", AGENT + "302, 404", to="@cast.sam.pk"),
    post("support:take_back", "case.number", DESK + "302, 404"),
    post("support:reopen", "case.number", AGENT + "409, 404"),
    get("support:close", "other_case.number", AGENT + "200, 404"),
    post("support:close", "other_case.number", AGENT + "302, 404", resolution="r1",
         outcome="fixed", text="It was the clock."),
    post("support:link", "other_case.number", AGENT + "302, 404", kind="idea",
         object_id="@open_idea.pk"),
    get("support:offer", "other_case.number", AGENT + "200, 404"),
    post("support:offer", "other_case.number", AGENT + "422, 404", existing="0"),
    get("support:publish", "solved_case.number", AGENT + "200, 404"),
    post("support:publish", "solved_case.number", AGENT + "302, 404", title="Why mail is late",
         body="Why is it late?", answer="It was the clock."),
    post("support:offer_withdraw", "offered_case.number", AGENT + "302, 404"),
]  # fmt: skip

HELP = [
    get("kb:index", "", "200"),
    get("kb:feed", "", "200"),
    get("kb:page", "'calendar'", "301"),
    get("kb:page", "'calendar/'", "200"),
    get("kb:page", "'calendar/public-one/'", "200"),
    get("kb:page", "'calendar/customers-one/'",
        "bob alice adam della carol dana sam erin ed pam root 200, 404"),
    get("kb:page", "'calendar/staff-one/'", "dana sam erin ed pam root 200, 404"),
    get("kb:page", "'inner/'", "dana sam erin ed pam root 200, 404"),
    get("kb:page", "'inner/inner-one/'", "dana sam erin ed pam root 200, 404"),
    get("kb:page", "'calendar/draft-one/'", "404"),
    get("kb:page", "'no/such/page/'", "404"),
    get("kb:helpful", "article.pk", "200"),
    get("kb:helpful", "staff_article.pk", "dana sam erin ed pam root 200, 404"),
    get("kb:helpful", "draft_article.pk", "404"),
    post("kb:helpful", "article.pk", "200", answer="yes", revision="@article.live_revision_id"),
    post("kb:helpful", "staff_article.pk", "dana sam erin ed pam root 200, 404", answer="yes",
         revision="@staff_article.live_revision_id"),
]  # fmt: skip

# allauth's own; whoever is signed in has no business at the sign-in pages.
SIGN_IN = [
    get("account_login", "", "anonymous 200, 302"),
    get("account_signup", "", "anonymous 200, 302"),
    get("account_request_login_code", "", "anonymous 200, 302"),
    get("account_reset_password", "", "200, newcomer 200"),
    get("account_inactive", "", "200, newcomer 200"),
    get("account_logout", "", "anonymous 302, newcomer 200, 200"),
    get("account_email_verification_sent", "", "anonymous 302, 302"),
]

TABLE = [*SITE, *PEOPLE, *PICTURES, *MODERATION, *FORUM, *IDEAS, *SUPPORT, *HELP, *SIGN_IN]

# Other people's views, tested by them and by tests/accounts; none of them shows a thing of ours.
ELSEWHERE = ("mfa_", "account_", "socialaccount_", "openid_connect_", "usersessions_", "wagtail")

# The same doors with other parameters: these leak by filter, order, suggestion or language.
EXTRA = [
    "/search/?q=kestrel&kind=case",
    "/search/?q=kestrel&kind=idea&kind=question",
    "/search/?q=title%3Akestrel",
    "/search/?q=in%3Aarticles+kestrel",
    "/api/v1/search?q=kestrel&kind=case",
    "/api/v1/search?q=kestrel&limit=50",
    "/pl/search/?q=kestrel",
    "/pl/community/",
    "/community/?tab=unanswered",
    "/community/?product=calendar",
    "/ideas/?tab=newest",
    "/ideas/?stage=declined",
    "/support/cases/?of=organisation",
    "/support/desk/?view=open",
    "/support/desk/?view=mine",
    "/search/?q=kestrel&sort=newest",
    "/search/?q=kestrel&state=unanswered&state=closed",
    "/search/?q=kestrel&since=week&language=en",
    "/search/?q=kestrel&cursor=forged",
    "/search/?q=in%3Acases+is%3Aopen",
    "/api/v1/search?q=kestrel&kind=case&kind=idea&lang=en",
    "/admin/",
    "/admin/pages/",
    "/admin/reports/site-history/",
    "/admin/reports/aging-pages/",
    "/admin/users/",
]
