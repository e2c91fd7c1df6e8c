"""The API of procedures and applications: what strangers may read, what programs may send, against its own description."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from django.core.cache import cache
from django.test import Client
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from madoguchi.kit import clock
from madoguchi.procedures.enums import ApplicationStatus
from madoguchi.procedures.models import Application, Draft
from madoguchi.procedures.services.casework import open_case_for, request_correction
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, Unit, acting_for, issue_token
from madoguchi.trust.enums import Role
from madoguchi.trust.models import AccessRecord
from tests.plan.test_api import open_schema, probe
from tests.trust.people import make_odawara, make_staff, make_unit

from .test_casework import answers_of, published

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CODES = ("dog-death", "course-entry", "hall-use", "personal-data-request")
EVERYTHING = ("applications.send", "applications.read")


@pytest.fixture(autouse=True)
def city(db, settings, tmp_path) -> Iterator[Municipality]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path
    host_table.clear()
    cache.clear()
    city = make_odawara()
    with acting_for(city):
        make_unit("市民課")
        for code in CODES:
            published(code)
    yield city
    host_table.clear()
    cache.clear()


def secret(city: Municipality, *scopes: str) -> str:
    with acting_for(city):
        return issue_token(
            name="試験",
            scopes=scopes or EVERYTHING,
            expires_on=clock.today().replace(month=12, day=31),
            actor=None,
            system=True,
        )[1]


def call(method: str, path: str, body: Any = None, token: str = "", key: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if key:
        headers["Idempotency-Key"] = key
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    data = None if body is None else json.dumps(body)
    return getattr(client, method)(f"/api/{path}", data, content_type="application/json", headers=headers)


def get(path: str, token: str = "", **parameters: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(SERVER_NAME="localhost").get(f"/api/{path}", parameters, headers=headers)


def send(token: str, code: str = "dog-death", key: str = "k-1", **changes: Any) -> Any:
    body = {"procedure": code, "answers": answers_of(code), **changes}
    return call("post", "applications/", body, token, key)


class TestReading:
    def test_lists_what_can_be_begun_and_finds_it_by_everyday_words(self) -> None:
        every = get("procedures/").json()
        assert every["count"] == len(CODES)
        assert {item["code"] for item in every["items"]} == set(CODES)
        assert get("procedures/", q="いぬ").json()["items"][0]["code"] == "dog-death"
        assert get("procedures/", category="facilities").json()["count"] == 2
        assert get("procedures/", limit=1, offset=3).json()["count"] == len(CODES)

    def test_the_schema_of_a_form_accepts_what_the_form_accepts(self) -> None:
        schema = get("procedures/dog-death/schema").json()
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["$schema"].endswith("2020-12/schema")
        jsonschema.Draft202012Validator(schema).validate(answers_of("dog-death"))
        document = get("procedures/dog-death").json()["definition"]
        assert document["format"] == "madoguchi.procedure/1"

    def test_a_check_says_what_it_costs_and_what_is_wrong_where(self, city) -> None:
        good = call("post", "procedures/hall-use/check", {"answers": answers_of("hall-use")}).json()
        assert (good["valid"], good["fee"], good["problems"]) == (True, 600, [])
        bad = call("post", "procedures/hall-use/check", {"answers": {"hours": "たくさん", "nonsense": 1}}).json()
        assert not bad["valid"]
        assert {"hours", "nonsense", "day"} <= {item["path"] for item in bad["problems"]}
        with acting_for(city):
            assert Draft.objects.count() == 0

    def test_the_finder_asks_and_answers(self) -> None:
        first = call("post", "procedures/finder", {"life_event": "living"}).json()
        assert first["question"]["code"] == "dog"
        answered = {"life_event": "living", "answers": [{"question": "dog", "values": ["no"]}]}
        after = call("post", "procedures/finder", answered).json()
        assert after["question"] is None
        assert after["results"][0]["answer"] in {"no", "maybe"}
        assert after["results"][0]["reasons"]
        wrong = {"answers": [{"question": "dog", "values": ["blue"]}]}
        assert call("post", "procedures/finder", wrong).status_code == 422

    def test_what_is_not_published_is_not_there(self) -> None:
        assert get("procedures/nothing").status_code == 404
        assert call("post", "procedures/nothing/check", {"answers": {}}).status_code == 404


class TestSending:
    def test_takes_an_application_once_per_key(self, city) -> None:
        token = secret(city)
        first, again = send(token), send(token)
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert first.json()["number"] == again.json()["number"]
        with acting_for(city):
            application = Application.objects.get()
            assert application.channel == "machine"
            assert Draft.objects.count() == 0
        other = send(token, answers={**answers_of("dog-death"), "dog_name": "別の犬"})
        assert other.status_code == 409
        assert "Idempotency-Key" in other.json()["detail"]

    def test_names_every_field_that_has_to_be_put_right_and_keeps_nothing(self, city) -> None:
        refused = send(secret(city), answers={"dog_name": 5, "more": True})
        assert refused.status_code == 422
        assert refused["Content-Type"] == "application/problem+json"
        fields = {item["field"] for item in refused.json()["errors"]}
        assert {"name", "died_on", "more"} <= {field.split(".")[0] for field in fields}
        with acting_for(city):
            assert (Application.objects.count(), Draft.objects.count()) == (0, 0)

    @pytest.mark.parametrize(
        ("scopes", "header", "status"),
        [((), "", 401), ((), "mdg_wrong", 401), (("applications.read",), None, 403)],
    )
    def test_is_refused_without_a_token_that_may(self, city, scopes, header, status) -> None:
        token = secret(city, *scopes) if header is None else header
        assert send(token).status_code == status
        with acting_for(city):
            assert Application.objects.count() == 0

    def test_vouches_for_nobody_without_the_scope(self, city) -> None:
        body = {"assurance": "authenticated"}
        assert send(secret(city), "personal-data-request", **body).status_code == 403
        assert send(secret(city), "personal-data-request").status_code == 403
        vouching = secret(city, "applications.send", "applications.vouch")
        assert send(vouching, "personal-data-request", **body).status_code == 201

    def test_a_token_of_another_city_opens_nothing(self, city) -> None:
        token = secret(city)
        assert Client(SERVER_NAME="oyama.localhost").get("/api/applications/").status_code in {401, 404}
        assert token


class TestFollowing:
    @pytest.fixture
    def sent(self, city) -> dict[str, Any]:
        token = secret(city)
        number = send(token).json()["number"]
        with acting_for(city):
            application = open_case_for(application_id=Application.objects.get().pk)
            staff = make_staff("shinsa", Role.SECTION_STAFF, unit=Unit.objects.get(name="市民課"))
        return {"token": token, "number": number, "application": application, "staff": staff}

    def test_reads_where_it_stands_and_leaves_a_trace(self, sent, city) -> None:
        found = get(f"applications/{sent['number'].lower()}", sent["token"]).json()
        assert (found["status"], found["documents"], found["fees"]) == ("in_review", [], [])
        listed = get("applications/", sent["token"], procedure="dog-death", status="in_review").json()
        assert [item["number"] for item in listed["items"]] == [sent["number"]]
        with acting_for(city):
            assert AccessRecord.objects.count() == 2

    def test_answers_a_correction_with_the_fields_asked_for_alone(self, sent, city) -> None:
        with acting_for(city):
            asked = request_correction(
                application=sent["application"], fields=["died_on"], message="?", due_on=None, actor=sent["staff"]
            )
        path = f"applications/{sent['number']}"
        assert get(path, sent["token"]).json()["corrections"][0]["is_open"]
        done = call("post", f"{path}/corrections/{asked.pk}", {"answers": {"died_on": "2026-11-01"}}, sent["token"])
        assert done.status_code == 200, done.content
        assert done.json()["answers"]["died_on"] == "2026-11-01"
        assert done.json()["status"] == ApplicationStatus.IN_REVIEW
        again = call("post", f"{path}/corrections/{asked.pk}", {"answers": {"died_on": "2026-11-02"}}, sent["token"])
        assert again.status_code in {400, 409}

    def test_talks_and_withdraws_its_own_but_nobody_elses(self, sent, city) -> None:
        path = f"applications/{sent['number']}"
        other = secret(city)
        assert call("post", f"{path}/messages", {"text": "急ぎません"}, sent["token"]).status_code == 201
        assert get(f"{path}/messages", sent["token"]).json()[0]["text"] == "急ぎません"
        for refused in ("messages", "withdrawal"):
            body = {"text": "x"} if refused == "messages" else {}
            assert call("post", f"{path}/{refused}", body, other).status_code == 404
        assert call("post", f"{path}/withdrawal", {"reason": "不要"}, sent["token"]).json()["status"] == "withdrawn"


def operations() -> dict[str, Any]:
    found = [result.ok() for result in open_schema().get_all_operations() if isinstance(result, Ok)]
    places = ("/api/procedures", "/api/applications")
    return {f"{item.method.upper()} {item.path}": item for item in found if item.path.startswith(places)}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_to_whatever_is_asked_is_documented(city, mode: GenerationMode) -> None:
    token = secret(city)
    number = send(token).json()["number"]

    def adapt(case: Any) -> None:
        """Let most examples come as far as the content: with a token, for things that are there."""
        if "applications" in case.path:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
        if mode is GenerationMode.POSITIVE and case.path_parameters:
            case.path_parameters |= {
                name: value
                for name, value in {"code": "dog-death", "number": number}.items()
                if name in case.path_parameters
            }

    found = operations()
    assert len(found) == 12
    statuses: set[int] = set()
    for operation in found.values():
        cache.clear()
        statuses |= probe(operation, mode, adapt)
    assert statuses >= ({200, 404} if mode is GenerationMode.POSITIVE else {422})
