"""The database is away (reliability R7): a page that says so, and a way back by itself."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_pages_say_so_and_come_back(site_tree: None, error: type[Exception]) -> None:
    def broken(*arguments: Any) -> NoReturn:
        raise error("connection to server at 10.0.0.7, port 5432 failed")

    client = Client(raise_request_exception=False)
    home, question = reverse("home:index"), reverse("forum:ask")
    with connection.execute_wrapper(broken):
        for address in (home, question, reverse("search:results"), "/api/v1/search?q=mail"):
            answer = client.get(address, {"q": "mail"})
            assert answer.status_code == 503, address
            assert answer.headers["Retry-After"] == "10"
            assert b"10.0.0.7" not in answer.content
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
    assert client.get(home).status_code == 200
    assert client.get("/readyz").status_code == 200
