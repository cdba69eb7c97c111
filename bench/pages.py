"""What pages cost a worker: CPU per request beside a calibration loop, SQL statements, bytes.

PEERDESK_VAR=… python bench/pages.py [ROUNDS] [NAME…]

Reads the database of PEERDESK_VAR (sample content, best with imported threads) through the WSGI
application, without a server or a network. CPU time of this process, not of the clock, and the
share of a fixed Python loop that ran just before. Of all rounds the cheapest counts: other work on
the machine only ever adds.
Compare shares of one run with those of another; nothing here is a test.
"""

from __future__ import annotations

import io
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
for name in ("SEARCH", "VOTE", "POST"):
    os.environ[f"RATE_{name}"] = "1000000/m/ip"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from forum.models import Question
from ideas.models import Idea
from kb.models import ArticlePage
from support.models import Case

REQUESTS = 12
WARM_UP = 4
LOOP = 60_000


@dataclass(frozen=True)
class Page:
    name: str
    url: str
    person: User | None = None


def demo(label: str) -> User:
    for person in User.objects.filter(is_demo=True):
        if person.demo_label.get("en") == label:
            return person
    raise SystemExit(f"There is no {label} among the sample people: run make start first.")


def pages() -> list[Page]:
    """The question has eight answers, as the pages of other products that were measured."""
    asked = Question.objects.public().exclude(accepted_answer=None)
    question = asked.filter(answer_count__lte=8).order_by("-answer_count", "pk")[0]
    article = ArticlePage.objects.filter(live=True, effective_visibility="public").order_by("pk")[0]
    idea = Idea.objects.public().order_by("-comment_count", "pk")[0]
    case = Case.objects.exclude(state="closed").order_by("pk")[0]
    member, agent, requester = demo("Expert"), demo("Support agent"), case.requester
    return [
        Page("home", reverse("home:index")),
        Page("home, member", reverse("home:index"), member),
        Page("question list", reverse("forum:list")),
        Page("question list, member", reverse("forum:list"), member),
        Page("question, 8 answers", question.get_absolute_url()),
        Page("question, member", question.get_absolute_url(), member),
        Page("article", article.get_url()),
        Page("idea list", reverse("ideas:list")),
        Page("idea list, member", reverse("ideas:list"), member),
        Page("idea", idea.get_absolute_url()),
        Page("search", f"{reverse('search:results')}?q=calendar+sync"),
        Page("suggest", f"{reverse('search:suggest')}?q=calendar+sy"),
        Page("inbox", reverse("notifications:inbox"), member),
        Page("profile", member.get_absolute_url()),
        Page("case desk", reverse("support:desk"), agent),
        Page("case on the desk", case.desk_url, agent),
        Page("case, customer", case.get_absolute_url(), requester),
    ]


def cookie_of(person: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["demo"] = True
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def asker(page: Page) -> Callable[[], bytes]:
    """One request through every middleware, as a server would hand it in."""
    path, _mark, query = page.url.partition("?")
    cookie = cookie_of(page.person) if page.person else ""

    def ask() -> bytes:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_ACCEPT": "text/html",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            **({"HTTP_COOKIE": cookie} if cookie else {}),
        }
        status: list[str] = []

        def start(line: str, _headers: Any, _error: Any = None) -> Callable[[bytes], object]:
            status.append(line)
            return len

        response = application(environ, start)
        body = b"".join(response)
        response.close()
        if not status[0].startswith("200"):
            raise SystemExit(f"{page.name} ({page.url}) answered {status[0]}")
        return body

    return ask


def spent(work: Callable[[], Any], times: int) -> float:
    """Milliseconds of CPU for one."""
    before = time.process_time()
    for _number in range(times):
        work()
    return (time.process_time() - before) * 1000 / times


def loop() -> int:
    """Strings, dictionaries and calls: what pages are made of."""
    words: dict[str, int] = {}
    for number in range(LOOP):
        word = f"w{number % 997}"
        words[word] = words.get(word, 0) + len(word)
    return len(words)


def statements(work: Callable[[], Any]) -> int:
    contexts = [CaptureQueriesContext(connections[name]) for name in connections]
    for context in contexts:
        context.__enter__()
    try:
        work()
    finally:
        for context in contexts:
            context.__exit__(None, None, None)
    return sum(len(context) for context in contexts)


def main(rounds: int, wanted: list[str]) -> None:
    chosen = [page for page in pages() if not wanted or page.name in wanted]
    work = {page: asker(page) for page in chosen}
    cpu: dict[Page, list[float]] = {page: [] for page in chosen}
    share: dict[Page, list[float]] = {page: [] for page in chosen}
    facts = {}
    for page, ask in work.items():
        for _number in range(WARM_UP):
            body = ask()
        facts[page] = (statements(ask), len(body) / 1024)
    calibrations = []
    for _round in range(rounds):
        for page, ask in work.items():
            calibration = spent(loop, 3)
            calibrations.append(calibration)
            cpu[page].append(spent(ask, REQUESTS))
            share[page].append(cpu[page][-1] / calibration)
    print(f"calibration loop: {statistics.median(calibrations):.1f} ms\n")
    print("| page | CPU ms | share of the loop | SQL | kB |")
    print("|---|---|---|---|---|")
    for page, (sql, size) in facts.items():
        print(
            f"| {page.name} | {min(cpu[page]):.1f} | {min(share[page]):.2f} | {sql} | {size:.0f} |"
        )


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(numbers[0] if numbers else 5, [word for word in sys.argv[1:] if not word.isdigit()])
