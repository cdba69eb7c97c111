"""Jobs that only tests enqueue."""

from __future__ import annotations

from datetime import timedelta

from jobs import job

done: list[str] = []


@job(queue="default", retries=2)
def note(word: str) -> None:
    done.append(word)


@job(queue="mail", retries=2)
def break_down() -> None:
    done.append("tried")
    raise ValueError("no luck")


@job(queue="bulk", retries=1, lease=timedelta(hours=2))
def long_run() -> None:
    done.append("long")


@job(queue="default", retries=0)
def chain(count: int) -> None:
    done.append(f"link {count}")
    if count:
        chain.enqueue(count - 1)


@job(queue="bulk")
def nightly() -> None:
    done.append("nightly")
