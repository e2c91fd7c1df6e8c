"""The guide for other systems, executed as it is written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from madoguchi.kit import clock
from madoguchi.procedures.models import Application
from madoguchi.procedures.services.casework import open_case_for, request_correction
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Unit, acting_for, issue_token
from madoguchi.trust.enums import Role
from madoguchi.trust.rules.webhooks import derive_secret, headers_of
from tests.trust.people import make_odawara, make_staff, make_unit

from .test_casework import published

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "guide" / "machines.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def city(transactional_db, live_server, settings, tmp_path) -> Iterator[Any]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "files"
    host_table.clear()
    city = make_odawara()
    with acting_for(city):
        make_unit("市民課")
        published("dog-death")
        _token, secret = issue_token(
            name="予約システム",
            scopes=["applications.send", "applications.read"],
            expires_on=clock.today(),
            actor=None,
            system=True,
        )
        yield {"base": f"http://localhost:{live_server.thread.port}", "token": secret, "folder": tmp_path}
    host_table.clear()


def run(city: dict[str, Any], *blocks: str) -> None:
    done = subprocess.run(
        ["bash", "-euc", "\n".join(blocks)],
        cwd=city["folder"],
        env={"PATH": os.environ["PATH"], "BASE": city["base"], "TOKEN": city["token"], "NO_PROXY": "localhost"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def result(city: dict[str, Any], name: str) -> Any:
    return json.loads((city["folder"] / name).read_text(encoding="utf-8"))


@pytest.mark.database
def test_the_journey_of_an_application_runs_as_it_is_written(city) -> None:
    run(city, *BLOCKS[:4])
    assert result(city, "procedures.json")["items"][0]["code"] == "dog-death"
    assert result(city, "schema.json")["properties"]["dog_name"]
    assert result(city, "checked.json")["valid"], result(city, "checked.json")["problems"]
    application = Application.objects.get()
    assert result(city, "followed.json")["number"] == application.number
    open_case_for(application_id=application.pk)
    application.refresh_from_db()
    staff = make_staff("shinsa", Role.SECTION_STAFF, unit=Unit.objects.get(name="市民課"))
    request_correction(application=application, fields=["died_on"], message="?", due_on=None, actor=staff)
    run(city, *BLOCKS[2:])
    assert Application.objects.count() == 1
    assert result(city, "corrected.json")["answers"]["died_on"] == "2026-11-01"


def test_the_check_of_a_signature_knows_genuine_messages_from_others() -> None:
    written = re.search(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    assert written is not None
    names: dict[str, Any] = {}
    exec(written[1], names)  # noqa: S102 - the guide's own text is what is tried
    secret = derive_secret("key", "salt")
    headers = headers_of(secret, "msg_1", int(time.time()), b"{}")
    assert names["is_genuine"](secret, headers, b"{}")
    assert not names["is_genuine"](secret, headers, b"{ }")
    assert not names["is_genuine"](derive_secret("other", "salt"), headers, b"{}")
    old = headers_of(secret, "msg_1", int(time.time()) - 400, b"{}")
    assert not names["is_genuine"](secret, old, b"{}")
