"""Fills a database of any size with made-up content, to measure and to try things out."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

import search
from common.progress import Progress
from home import setup
from home.loading.scale import articles, cases, ideas, questions
from home.loading.scale.site import prepare
from home.loading.scale.words import Writer

Tick = Callable[[int], None]
# How many of each there are for a thousand questions.
_SHARES = {"answers": 7_200, "articles": 50, "ideas": 50, "votes": 3_000, "cases": 50}
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}


def number(text: str) -> int:
    """2500, 10k or 1m."""
    found = re.fullmatch(r"(\d+)([km]?)", text.lower())
    if not found:
        raise ValueError(f"{text!r} is no size")
    return int(found[1]) * _UNITS[found[2]]


class Command(BaseCommand):
    help = (
        "Fill the database with made-up questions, answers, articles, ideas, votes and cases: "
        "seed_load --scale 10k, or a number for each. The same seed writes the same texts. "
        "For tests and measurements; in production it needs --yes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scale", type=number, default=0, help="so many questions, and all else in proportion"
        )
        parser.add_argument("--questions", type=number)
        for name, share in _SHARES.items():
            parser.add_argument(f"--{name}", type=number, help=f"{share / 1000:g} a question")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--no-search", action="store_true", help="leave the search index alone")
        parser.add_argument("--yes", action="store_true", help="also in production")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION and not options["yes"]:
            raise CommandError(
                "This is a production site. Say --yes to fill it with made-up content."
            )
        counts = self._counts(options)
        if not any(counts.values()):
            raise CommandError("Say how much: --scale 10k, or --questions, --articles, …")
        began = perf_counter()
        with search.suspended():
            self._load(counts, options["seed"])
        made = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        self.stdout.write(f"{made} in {perf_counter() - began:.1f} s")
        if not options["no_search"]:
            began = perf_counter()
            count = search.rebuild()
            self.stdout.write(f"{count} search entries in {perf_counter() - began:.1f} s")

    def _counts(self, options: dict[str, Any]) -> dict[str, int]:
        scale = options["scale"] if options["questions"] is None else options["questions"]
        counts = {"questions": scale}
        for name, share in _SHARES.items():
            given = options[name]
            in_proportion = options["scale"] * share // 1000
            counts[name] = in_proportion if given is None else given
        return counts

    def _load(self, counts: dict[str, int], seed: int) -> None:
        setup.ensure_site()
        site = prepare(Writer(seed), counts["questions"] + counts["answers"])
        votes = counts["votes"] // 4 if counts["ideas"] else 0
        steps: dict[str, Callable[[Tick], None]] = {
            "questions": lambda tick: questions.load(
                site, counts["questions"], counts["answers"], counts["votes"] - votes, tick
            ),
            "ideas": lambda tick: ideas.load(site, counts["ideas"], votes, tick),
            "cases": lambda tick: cases.load(site, counts["cases"], tick),
            "articles": lambda tick: articles.load(site, counts["articles"], tick),
        }
        for name, step in steps.items():
            if counts[name]:
                progress = Progress(name, counts[name])
                step(progress.tick)
                progress.finish()
