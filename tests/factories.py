"""A small whole site: one thing of each kind and visibility, each with words of its own.

Every text holds a canary ("zq…"), and `World.sees` says who may ever be shown it. "kestrel" stands
in all of them, so that one search finds whatever it may.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.models import Locale

from accounts.actions import invite
from accounts.models import Invitation, Membership, OrganisationDomain, User
from accounts.roles import ensure_groups
from common.tokens import sign
from forum.actions import answers, comments, questions
from forum.models import Answer, Comment, Question
from home.setup import ensure_site
from ideas.actions import comments as idea_comments
from ideas.actions import posts, stages
from ideas.models import Idea, IdeaComment, Stage
from kb.models import ArticlePage, SectionPage
from kb.tree import add_page, ensure_section, help_root
from links.models import type_of
from moderation.actions import flag, hide
from notifications.mails import PURPOSE
from notifications.models import Notification
from posting import files
from posting.actions import save_draft, store_upload
from posting.models import Upload
from products.models import Product
from support.actions import closing, handling, moving, replies
from support.models import Case
from tests.cast import Cast, make_cast, make_person
from tests.forum.factories import make_answer, make_product, make_question
from tests.ideas.factories import make_idea, stage
from tests.kb.factories import file_of, make_image
from tests.support.factories import make_case

CANARY = re.compile(r"zq[a-z]+")

EVERYBODY = frozenset(
    [
        "anonymous",
        "mia",
        "bob",
        "alice",
        "adam",
        "della",
        "carol",
        "xena",
        "dana",
        "sam",
        "erin",
        "ed",
        "pam",
        "root",
        "gone",
        "newcomer",
    ]
)
STAFF = frozenset(["dana", "sam", "erin", "ed", "pam", "root"])
CUSTOMERS = STAFF | frozenset(["bob", "alice", "adam", "della", "carol"])
MODERATORS = frozenset({"erin", "root"})
DESK = frozenset({"dana", "root"})
# Who finds drafts in the editing area's reports.
EDITORS = frozenset({"ed", "root"})
ACME_ADMINS = frozenset({"alice", "adam"})


@dataclass
class World:
    """Everything by name, and for each canary the people who may see it."""

    cast: Cast
    gone: User
    newcomer: User
    imported: User
    product: Product
    section: SectionPage
    staff_section: SectionPage
    article: ArticlePage
    customers_article: ArticlePage
    staff_article: ArticlePage
    draft_article: ArticlePage
    pictures: Pictures
    question: Question
    solved: Question
    hidden_question: Question
    answer: Answer
    hidden_answer: Answer
    comment: Comment
    idea: Idea
    open_idea: Idea
    hidden_idea: Idea
    idea_comment: IdeaComment
    note: IdeaComment
    case: Case
    other_case: Case
    offered_case: Case
    solved_case: Case
    birch_case: Case
    upload: Upload
    note_upload: Upload
    deleted_question: Question
    open_question: Question
    deleted_idea: Idea
    planned: Stage
    invitation: Invitation
    domain: OrganisationDomain
    membership: Membership
    unsubscribe: str = ""
    sees: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def notice(self) -> Notification:
        """Something in Mia's inbox."""
        return Notification.objects.of(self.cast.mia).order_by("-pk")[0]  # type: ignore[no-any-return]

    @property
    def people(self) -> dict[str, User | None]:
        named: dict[str, User | None] = {"anonymous": None, **self.cast.everyone}
        return named | {"gone": self.gone, "newcomer": self.newcomer}

    def file_token(self, person: User | None) -> str:
        return files.link_token(self.upload, person) if person else "none"


class Pictures(NamedTuple):
    """The file names of what articles show, by who may read them."""

    public: str
    customers: str
    staff: str
    inner: str
    draft: str


class Canaries(dict[str, frozenset[str]]):
    """Remembers who may see a word while the word is written somewhere."""

    def __call__(self, word: str, sees: frozenset[str]) -> str:
        self[f"zq{word}"] = frozenset(sees)
        return f"Kestrel zq{word}"


def make_world() -> World:
    ContentType.objects.clear_cache()
    # Wagtail's migrations make it on a real site.
    Locale.objects.get_or_create(language_code="en")
    ensure_site()
    cast = make_cast()
    # Rights on pages hang on the home page, which is there only now.
    ensure_groups()
    say = Canaries()
    product = make_product()
    parts: dict[str, Any] = {"cast": cast, "product": product}
    parts |= _people(cast, say) | _articles(product, say) | _forum(cast, product, say)
    parts |= _ideas(cast, product, say) | _cases(cast, product, say)
    world = World(**parts, sees=say)
    target = type_of(Question)
    world.unsubscribe = sign(PURPOSE, [cast.mia.pk, target.pk, world.question.pk])
    return world


def _people(cast: Cast, say: Canaries) -> dict[str, Any]:
    """Names of organisations and addresses are nobody else's business."""
    for organisation, word, members in (
        (cast.acme, "acme", {"alice", "adam", "della", "bob"}),
        (cast.birch, "birch", {"carol"}),
    ):
        # A specialist reads it on the case that was given to them, a moderator beside the
        # answer that was hidden.
        also = {"sam"} if word == "acme" else MODERATORS
        organisation.name = say(f"{word}name", frozenset(members) | DESK | also)
        organisation.save()
    domain = OrganisationDomain.objects.create(organisation=cast.acme, domain="zqdomain.example")
    say["zqdomain"] = frozenset({"alice", "adam", "della", "bob"}) | DESK
    gone = make_person("Gone")
    newcomer = make_person("Newcomer")
    for name, person in {**cast.everyone, "gone": gone}.items():
        person.email = f"zq{name}mail@people.example"
        person.save()
        say[f"zq{name}mail"] = frozenset({name})
    gone.is_active = False
    gone.save()
    # An agent who has not set up a second factor yet.
    newcomer.groups.set(cast.dana.groups.all())
    invitation = invite(cast.acme, "zqinvited@people.example", role="member", by=cast.alice)
    say["zqinvited"] = ACME_ADMINS | DESK
    save_draft(cast.alice, "forum.ask", {"title": say("draft", frozenset({"alice"}))})
    return {
        "gone": gone,
        "newcomer": newcomer,
        "imported": User.objects.create_user(None, None, display_name="Old hand", is_active=False),
        "invitation": invitation,
        "domain": domain,
        "membership": Membership.objects.get(user=cast.bob),
    }


def make_article(parent: SectionPage, title: str, slug: str, **changes: Any) -> ArticlePage:
    body = changes.pop("body", f"{title}: kestrel and how to set it up.")
    picture = changes.pop("picture", None)
    page = ArticlePage(
        title=title,
        slug=slug,
        locale=parent.locale,
        summary=changes.pop("summary", title),
        **changes,
    )
    shown = [("picture", {"image": picture, "alt": "Kestrel", "caption": ""})] if picture else []
    page.body = [("text", body), *shown]
    return add_page(parent, page)  # type: ignore[no-any-return]


def _articles(product: Product, say: Canaries) -> dict[str, Any]:
    root = help_root(Locale.objects.get(language_code="en"))
    section = ensure_section(root, "calendar", "Calendar", slug="calendar", product=product)
    inner = ensure_section(
        root, "inner", say("staffsection", STAFF), slug="inner", visibility="staff"
    )
    images = [make_image() for _number in range(5)]
    article = make_article(section, say("article", EVERYBODY), "public-one", picture=images[0])
    customers = make_article(
        section,
        say("customersarticle", CUSTOMERS),
        "customers-one",
        visibility="customers",
        picture=images[1],
    )
    staff = make_article(
        section,
        say("staffarticle", STAFF),
        "staff-one",
        visibility="staff",
        product=product,
        picture=images[2],
    )
    # Public by itself, below a section for staff.
    make_article(inner, say("innerarticle", STAFF), "inner-one", picture=images[3])
    draft = make_article(section, say("unpublished", EDITORS), "draft-one", picture=images[4])
    draft.unpublish()
    article.title = say("laterwords", EDITORS)
    article.save_revision()
    article.refresh_from_db()
    return {
        "section": section,
        "staff_section": inner,
        "article": article,
        "customers_article": customers,
        "staff_article": staff,
        "draft_article": draft,
        "pictures": Pictures(*(file_of(image) for image in images)),
    }


def _forum(cast: Cast, product: Product, say: Canaries) -> dict[str, Any]:
    question = make_question(
        cast.mia,
        "The first kestrel question is this",
        body=say("question", EVERYBODY),
        product=product,
        tags=["kestrel"],
    )
    answer = make_answer(question, cast.xena, say("answer", EVERYBODY))
    comment = comments.comment(question, say("comment", EVERYBODY), by=cast.bob)
    bad_answer = make_answer(question, cast.carol, say("hiddenanswer", MODERATORS | {"carol"}))
    bad_comment = comments.comment(
        question, say("hiddencomment", MODERATORS | {"carol"}), by=cast.carol
    )
    hide(bad_answer, by=cast.erin, reason=say("hidingreason", MODERATORS | {"carol"}))
    hide(bad_comment, by=cast.erin, reason="rude")
    solved = make_question(cast.bob, "The solved kestrel question is this", body="Which kestrel?")
    answers.accept(make_answer(solved, cast.xena, "This kestrel."), by=cast.bob)
    gone = make_question(cast.bob, "Kestrel that was deleted", body=say("deleted", frozenset()))
    questions.delete_own(gone, by=cast.bob)
    flag(question, by=cast.carol, reason="spam", note=say("flagnote", MODERATORS))
    hidden = _hidden_question(cast, product, say)
    _withheld(cast, solved, say)
    return {
        "question": Question.objects.get(pk=question.pk),
        "solved": Question.objects.get(pk=solved.pk),
        "deleted_question": gone,
        "open_question": make_question(
            cast.mia, "The kestrel nobody has answered", product=product
        ),
        "hidden_question": hidden,
        "answer": answer,
        "hidden_answer": bad_answer,
        "comment": comment,
    }


def _hidden_question(cast: Cast, product: Product, say: Canaries) -> Question:
    hidden = make_question(
        cast.mia,
        # The author is told of it, with the reason.
        say("hiddentitle", MODERATORS | {"mia"}),
        body=say("hiddenbody", MODERATORS),
        product=product,
        tags=["zqhiddentag"],
    )
    say["zqhiddentag"] = MODERATORS
    make_answer(hidden, cast.xena, say("answertohidden", MODERATORS))
    comments.comment(hidden, say("commenttohidden", MODERATORS), by=cast.bob)
    hide(hidden, by=cast.erin, reason="off-topic")
    return Question.objects.get(pk=hidden.pk)


def _withheld(cast: Cast, question: Question, say: Canaries) -> None:
    """A moderator takes a secret out; the earlier text is kept for moderators only."""
    words = questions.Words(
        title=question.title, body=f"Which kestrel? {say('withheld', MODERATORS)}"
    )
    questions.edit(question, words, by=cast.bob)
    clean = questions.Words(title=question.title, body="Which kestrel, then?")
    questions.edit(question, clean, by=cast.erin, reason="A secret", withhold=True)


def _ideas(cast: Cast, product: Product, say: Canaries) -> dict[str, Any]:
    idea = make_idea(
        cast.mia,
        "The first kestrel idea is this",
        body=say("idea", EVERYBODY),
        product=product,
    )
    open_idea = make_idea(cast.bob, "The second kestrel idea is this", body="More kestrel.")
    comment = idea_comments.comment(idea, say("ideacomment", EVERYBODY), by=cast.bob)
    note = idea_comments.comment(idea, say("staffnote", STAFF), by=cast.pam, note=True)
    idea_comments.comment(open_idea, "Me too.", by=cast.mia)
    stages.answer_officially(idea, say("official", EVERYBODY), by=cast.pam)
    stages.set_stage(idea, stage("declined"), by=cast.pam, reason=say("reason", EVERYBODY))
    hidden = make_idea(
        cast.mia, say("hiddenidea", MODERATORS | {"mia"}), body=say("hiddenideabody", MODERATORS)
    )
    idea_comments.comment(hidden, say("hiddenideacomment", MODERATORS), by=cast.bob)
    hide(hidden, by=cast.erin, reason="spam")
    deleted = make_idea(cast.bob, say("deletedidea", frozenset({"root"})))
    posts.delete(deleted, by=cast.bob)
    return {
        "idea": Idea.objects.get(pk=idea.pk),
        "open_idea": Idea.objects.get(pk=open_idea.pk),
        "hidden_idea": Idea.objects.get(pk=hidden.pk),
        "deleted_idea": deleted,
        "planned": stage("planned"),
        "idea_comment": comment,
        "note": note,
    }


def _cases(cast: Cast, product: Product, say: Canaries) -> dict[str, Any]:
    desk = DESK | {"sam"}
    sees = ACME_ADMINS | {"della"} | desk
    case = make_case(
        cast.acme,
        cast.della,
        subject=say("casesubject", sees),
        body=say("casebody", sees),
        workaround=say("workaround", sees),
        product=product,
    )
    upload = _file(cast.della, say("filename", sees), say("filecontent", sees))
    replies.answer(case, "Here is the file.", by=cast.della, uploads=[upload])
    inner = _file(cast.dana, say("notefile", desk), say("notefilecontent", desk))
    replies.note(case, say("casenote", desk), by=cast.dana, uploads=[inner])
    replies.reply(case, say("reply", sees), by=cast.dana)
    handling.escalate(case, cast.sam, by=cast.dana, text=say("handover", desk))
    return {
        "case": Case.objects.get(pk=case.pk),
        "upload": upload,
        "note_upload": inner,
        "other_case": _ready_to_close(
            make_case(cast.acme, cast.alice, subject=say("othercase", ACME_ADMINS | DESK)), cast
        ),
        "offered_case": _offered(cast, say),
        "solved_case": _solved(cast, say),
        "birch_case": make_case(cast.birch, cast.carol, subject=say("birchcase", DESK | {"carol"})),
    }


def _file(owner: User, name: str, content: str) -> Upload:
    sent = SimpleUploadedFile(f"{name.replace(' ', '-')}.txt", content.encode(), "text/plain")
    return store_upload(sent, by=owner, purpose="case_file")


def _ready_to_close(case: Case, cast: Cast) -> Case:
    """The closing words are there: the next step is whether it becomes an idea."""
    moving.keep_text(case, "That cannot be done today.", by=cast.dana)
    return Case.objects.get(pk=case.pk)


def _offered(cast: Cast, say: Canaries) -> Case:
    """A case whose requester has been asked whether it may become an idea."""
    sees = ACME_ADMINS | {"della"} | DESK
    case = make_case(cast.acme, cast.della, subject=say("offeredcase", sees))
    replies.reply(case, "We look into it.", by=cast.dana)
    moving.keep_text(case, say("offertext", sees), by=cast.dana)
    payload = {
        "title": say("offertitle", sees),
        "body": say("offerbody", sees),
        "product": None,
        "language": "en",
        "show_name": False,
    }
    moving.offer(Case.objects.get(pk=case.pk), payload, checked=True, by=cast.dana)
    return Case.objects.get(pk=case.pk)


def _solved(cast: Cast, say: Canaries) -> Case:
    """A case that an agent may make public."""
    sees = ACME_ADMINS | DESK
    case = make_case(cast.acme, cast.alice, subject=say("solvedcase", sees))
    text, extra = say("solvedtext", sees), {"outcome": "fixed"}
    return closing.close(case, resolution="r1", text=text, extra=extra, by=cast.dana)


def age(case: Case, **by: float) -> None:
    """Moves a closed case's end into the past."""
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now() - timedelta(**by))
