"""What stands around every request: municipality, language, sessions, maintenance, health, errors, headers."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from madoguchi.site.maintenance import pause_file
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import add_municipality

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def visitor(**options: bool) -> Client:
    """Return a client that asks on localhost unless a test names another host."""
    return Client(headers={"host": "localhost"}, **options)


@pytest.fixture
def cities():
    host_table.clear()
    first = add_municipality(key="minato", code="131032", name="港市", order=1)
    second = add_municipality(
        key="aoba", code="041017", name="青葉市", order=2, hosts=("aoba.localhost", "www.aoba.example")
    )
    yield first, second
    host_table.clear()


@pytest.mark.parametrize(
    ("host", "name"),
    [("localhost", "港市"), ("127.0.0.1", "港市"), ("minato.localhost", "港市"), ("aoba.localhost:8000", "青葉市"),
     ("WWW.aoba.example", "青葉市")],
)  # fmt: skip
def test_the_host_name_picks_the_municipality(host: str, name: str, cities) -> None:
    response = visitor().get("/", headers={"host": host})
    assert response.status_code == 200
    assert name in response.content.decode()


def test_a_host_that_nobody_owns_is_told_so(cities) -> None:
    response = visitor().get("/", headers={"host": "unknown.example"})
    assert response.status_code == 404
    assert "登録されていません" in response.content.decode()


def test_health_answers_for_any_host_and_without_a_municipality() -> None:
    host_table.clear()
    assert visitor().get("/healthz", headers={"host": "10.0.0.1"}).content == b"ok"
    assert visitor().get("/readyz", headers={"host": "whatever"}).status_code == 200


@pytest.mark.parametrize(("language", "html"), [("ja", 'lang="ja"'), ("en", 'lang="en"'), ("ja-easy", 'lang="ja"')])
def test_the_asked_language_is_spoken_and_kept(language: str, html: str, cities) -> None:
    client = visitor()
    assert html in client.get(f"/?lang={language}").content.decode()
    assert html in client.get("/").content.decode()


def test_an_unknown_language_is_ignored(cities) -> None:
    response = visitor().get("/?lang=xx")
    assert 'lang="ja"' in response.content.decode()
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies


def test_pages_allow_no_other_host_and_no_inline_code(cities) -> None:
    policy = visitor().get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_page_that_does_not_exist_says_what_to_do(cities) -> None:
    response = visitor().get("/no-such-page/")
    assert response.status_code == 404
    assert "ページが見つかりません" in response.content.decode()


def test_a_paused_installation_says_until_when_and_still_answers_probes(cities, monkeypatch, tmp_path) -> None:
    # Another process of the tests shares the data folder, and must not be paused with this one.
    monkeypatch.setattr(settings, "HOME", tmp_path)
    pause_file().write_text("2030-04-01T09:00:00+09:00")
    try:
        response = visitor().get("/")
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert "休止" in response.content.decode()
        assert "9:00" in response.content.decode()
        assert visitor().get("/healthz").status_code == 200
    finally:
        pause_file().unlink()
    assert visitor().get("/").status_code == 200


def test_a_form_without_a_token_changes_nothing_and_explains(cities) -> None:
    response = visitor(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert "読み直して" in response.content.decode()


def test_a_fault_of_the_program_is_shown_without_the_database(monkeypatch: pytest.MonkeyPatch, cities) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("madoguchi.site.views.pages.Plan.objects.order_by", fail)
    response = visitor(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert "planted" not in response.content.decode()


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
@pytest.mark.parametrize("address", ["/", "/tour/", "/accessibility/", "/api/", "/design/"])
def test_every_page_of_the_site_opens_in_every_language(address: str, language: str, cities, settings) -> None:
    settings.DEMONSTRATION = True
    assert visitor().get(address, {"lang": language}).status_code == 200


@pytest.mark.parametrize("address", ["/", "/tour/", "/accessibility/", "/api/", "/plan/", "/accounts/login/"])
def test_a_monitor_may_ask_for_the_head_alone(address: str, cities, settings) -> None:
    settings.DEMONSTRATION = True
    assert visitor().head(address).status_code == 200


def test_a_text_with_a_nul_is_refused_wherever_it_is_typed(cities) -> None:
    sent = {"login": "a\0b", "password": "x"}
    for answer, status in (
        (visitor().get("/accounts/login/?q=a%00b"), 404),
        (visitor().get("/accounts/login/?a%00b=1"), 404),
        (visitor().get("/plan/a%00b/"), 404),
        (visitor().post("/accounts/login/", sent), 400),
    ):
        assert answer.status_code == status
        assert "text/html" in answer["Content-Type"]
    assert visitor().get("/api/plan/plans?municipality=a%00b")["Content-Type"] == "application/problem+json"
