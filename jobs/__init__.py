"""Background work: retry, recovery and schedules over django-tasks."""

from __future__ import annotations

from common.jobs import Job, job, schedule

__all__ = ["Job", "job", "schedule"]
