"""Production with a sample person in the database starts by no way at all."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from accounts.models import User
from config import wsgi
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_server_and_the_check_refuse_it_too(cast: Cast, settings: Any) -> None:
    """granian loads config.wsgi and nothing else."""
    User.objects.filter(pk=cast.mia.pk).update(is_demo=True)
    importlib.reload(wsgi)
    call_command("check", databases=["default"])
    settings.IS_PRODUCTION = True
    with pytest.raises(ImproperlyConfigured):
        importlib.reload(wsgi)
    with pytest.raises(SystemCheckError, match="demo person"):
        call_command("check", databases=["default"])
    User.objects.filter(pk=cast.mia.pk).update(is_demo=False)
    importlib.reload(wsgi)
    call_command("check", databases=["default"])
