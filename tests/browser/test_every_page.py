"""Every kind of page, light and dark, wide and narrow: axe, no sideways scroll, a quiet console."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Response

from tests.access_table import get
from tests.factories import World

Enter = Callable[[BrowserContext, Any], None]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# The strict policy forbids adding a script; evaluating one is the debugger's right.
RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .map(found => found.id + ": " + found.nodes.slice(0, 3).map(node => node.target.join(" ")))"""
# Colours change over some milliseconds; what stands between two themes is neither. A bar that says
# "loading" never ends, and a frame may not come, so nothing is waited for longer than a second.
SETTLED = """() => Promise.race([
    new Promise(done => setTimeout(done, 1000)),
    new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() =>
        Promise.allSettled(document.getAnimations().map(motion => motion.finished)))
]).then(() => null)"""
TOO_WIDE = """() => document.documentElement.scrollWidth > window.innerWidth
    ? [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right >
        window.innerWidth + 1).slice(0, 3).map(e => e.tagName + "." + e.className) : []"""

PAGES = {
    "anonymous": [
        ("home:index", ""), ("kb:index", ""), ("kb:page", "'calendar/'"),
        ("kb:page", "'calendar/public-one/'"), ("kb:helpful", "article.pk"), ("forum:list", ""),
        ("forum:question", "question.pk question.slug"),
        ("forum:question", "solved.pk solved.slug"), ("forum:history", "solved.pk"),
        ("forum:ask", ""), ("ideas:list", ""), ("ideas:idea", "idea.pk idea.slug"),
        ("ideas:idea", "open_idea.pk open_idea.slug"), ("search:results", ""),
        ("support:contact", ""), ("support:policy", ""), ("accounts:profile", "cast.mia.pk"),
        ("account_login", ""), ("account_signup", ""), ("home:privacy", ""),
        ("home:accessibility", ""), ("home:api", ""), ("home:demo", ""),
        ("kb:page", "'no/such/page/'"),
    ],
    "mia": [
        ("home:index", ""), ("forum:ask", ""), ("forum:question", "question.pk question.slug"),
        ("forum:edit", "question.pk"), ("ideas:new", ""), ("notifications:inbox", ""),
        ("accounts:settings", ""), ("moderation:flag", "'forum.question' solved.pk"),
    ],
    "della": [
        ("support:cases", ""), ("support:case", "case.number"), ("support:new", ""),
        ("support:case", "offered_case.number"), ("support:withdraw", "case.number"),
        ("accounts:organisation", "'acme'"),
    ],
    "dana": [
        ("support:desk", ""), ("support:desk_case", "case.number"),
        ("support:close", "other_case.number"), ("support:offer", "other_case.number"),
        ("accounts:organisations", ""), ("accounts:organisation_new", ""),
    ],
    "erin": [
        ("moderation:index", ""), ("forum:question", "question.pk question.slug"),
        ("forum:duplicate", "question.pk"), ("forum:move", "question.pk"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("person", PAGES)
def test_every_page_is_sound(page: Page, town: World, enter: Enter, person: str) -> None:
    """One visit a page; colours and width change on it as they do for people."""
    if town.people[person] is not None:
        enter(page.context, town.people[person])
    found: list[str] = []
    page.on("console", lambda message: found.append(f"{page.url} console {message.text}")
            if message.type == "error" and "404" not in message.text else None)  # fmt: skip
    for name, args in PAGES[person]:
        row = get(name, args, "200")
        query = "?q=kestrel" if name == "search:results" else ""
        answer = page.goto(_address(row, town, person) + query)
        found += [f"{name} {trouble}" for trouble in look(page, answer)]
    assert not found, "\n" + "\n".join(found)


def _address(row: Any, town: World, person: str) -> str:
    return reverse(row.name, args=row.arguments(town, person))


def look(page: Page, answer: Response | None) -> list[str]:
    assert answer is not None
    found = [] if answer.status in {200, 404} else [f"status {answer.status}"]
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(SETTLED)
            lines = page.evaluate(RUN)
            if lines:
                # Right after the theme changed, a pane may be painted late; a fault stays.
                page.wait_for_timeout(500)
                lines = page.evaluate(RUN)
            found += [f"{scheme} {width} axe {line}" for line in lines]
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} too wide: {line}" for line in page.evaluate(TOO_WIDE)]
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def test_the_page_of_all_components_is_sound(page: Page, town: World) -> None:
    found = look(page, page.goto("/design/"))
    # The catalogue shows the same component several times, under one name.
    found = [line for line in found if "landmark-unique" not in line]
    assert not found, "\n" + "\n".join(found)
