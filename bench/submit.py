"""
Sending an application, against a bare Django form POST with CSRF, a session write and two inserts; then 16 clients at once.

Ours is the whole product behind its WSGI application: a signed-in resident sends a draft of nine fields from the review page,
whose answers are checked, calculated and cleaned; draft, application, event and job are written in one transaction. The
yardstick is a WSGI application of Django with sessions, CSRF and authentication: a ``ModelForm`` over the very same table is
checked (the answers as one JSON value), the session is written, and an application and an event are inserted into the very same
tables in one transaction; sessions and sign-in are Django's own. Both answer in this process, in turns, the order reversed each
time. For the clients the product's own server runs on SQLite, and each client sends one after another.
"""

from __future__ import annotations

import http.client
import io
import json
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.lib import in_turns, percentile, report_ratio, start_installation, wsgi_request

BUDGET, WORST_MS = 0.70, 100.0
CLIENTS, EACH, ROUNDS = 16, 40, 150
HOST = "localhost"
TOKEN = "a" * 32
TEXTS = {"ja": "項目", "ja-easy": "こうもく", "en": "Field"}
VALUES = {
    "name": {"family": "見本", "given": "花子", "family_kana": "ミホン", "given_kana": "ハナコ"},
    "birth_date": "1990-05-01",
    "address": {
        "postal_code": "250-8555", "prefecture": "神奈川県", "city": "小田原市", "town": "荻窪", "street": "300",
    },
    "phone": "0465-33-1300",
    "email": "hanako@example.org",
    "reason": "引っ越しの届けに使うため",
    "count": 2,
    "kind": "whole",
    "agreed": True,
}  # fmt: skip


def definition() -> dict[str, Any]:
    """Return a procedure with the fields of an ordinary one, and a fee by table."""

    def field(code: str, component: str, **more: Any) -> dict[str, Any]:
        return {"code": code, "component": component, "label": TEXTS, **more}

    options = [{"code": "whole", "label": TEXTS}, {"code": "part", "label": TEXTS}]
    people = [field("name", "person_name"), field("birth_date", "birth_date"), field("address", "address")]
    contact = [field("phone", "phone"), field("email", "email")]
    wish = [
        field("reason", "textarea", maximum_length=400),
        field("count", "integer", constraint={"minimum": 1, "maximum": 10}),
        field("kind", "choice", options=options),
        field("agreed", "consent"),
    ]
    steps = [{"code": f"s{n}", "title": TEXTS, "fields": part} for n, part in enumerate((people, contact, wish))]
    fee = {"inputs": [{"name": "count"}], "outputs": [{"name": "amount"}], "rows": [["<= 3", "300"], ["> 3", "600"]]}
    return {
        "format": "madoguchi.procedure/1",
        "code": "bench",
        "name": {"ja": "証明書の交付"},
        "form": {"steps": steps},
        "decisions": {"fee": {"table": fee}},
        "payment": "after",
    }


def fill() -> tuple[Any, Any, Any]:
    """Make a city, a published procedure and a resident."""
    from madoguchi.kit import clock
    from madoguchi.procedures.api import Procedure, ProcedureVersion, read_definition
    from madoguchi.procedures.rules.definition import digest_of
    from madoguchi.trust.api import Account, acting_for, add_municipality

    city = add_municipality(key="minato", code="131032", name="港市", order=1)
    with acting_for(city):
        procedure = Procedure.objects.create(municipality=city, code="bench")
        procedure.published = ProcedureVersion.objects.create(
            municipality=city, procedure=procedure, number=1, status="published", document=definition(),
            digest=digest_of(read_definition(definition())),
            name="証明書の交付", edited_at=clock.now(), published_at=clock.now(),
        )  # fmt: skip
        procedure.save()
        account = Account.objects.create_account(login="shimin", password="madoguchi-mihon", name="見本 花子")
    return city, procedure.published, account


def drafts(city: Any, version: Any, account: Any, number: int) -> list[str]:
    """Make drafts that are ready to be sent and return their keys."""
    from datetime import timedelta

    from madoguchi.kit import clock
    from madoguchi.procedures.api import Draft

    now = clock.now()
    made = [
        Draft(
            municipality=city, version=version, account=account, answers=VALUES, revision=3, started_at=now,
            saved_at=now, expires_at=now + timedelta(days=60), done_steps={"s0": 1, "s1": 2, "s2": 3},
        )
        for _ in range(number)
    ]  # fmt: skip
    Draft.objects.bulk_create(made)
    return [draft.key for draft in made]


def session_of(account: Any, backend: str = "") -> str:
    """Return the cookies of a resident signed in through a backend (the product's), the CSRF token among them."""
    from django.conf import settings
    from django.test import Client

    client = Client(headers={"host": HOST})
    client.force_login(account, backend=backend or settings.AUTHENTICATION_BACKENDS[0])
    client.get("/accessibility/")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}"


def bare_page(city: Any) -> ModuleType:
    """Return a urlconf with the yardstick: a form, a session write, two inserts."""
    from django import forms
    from django.db import transaction
    from django.http import HttpResponse, HttpResponseRedirect
    from django.urls import path
    from django.utils import timezone

    from madoguchi.procedures.api import Application
    from madoguchi.trust.api import Event

    class SentForm(forms.ModelForm):  # type: ignore[type-arg]  # a yardstick, not the product
        class Meta:
            model, fields = Application, ("applicant_name", "language", "channel", "answers")

    def send(request: Any) -> Any:
        form = SentForm(request.POST)
        if not request.user.is_authenticated or not form.is_valid():
            return HttpResponse(str(form.errors), status=422)
        request.session["sent"] = time.perf_counter()
        now = timezone.now()
        with transaction.atomic():
            sent = form.save(commit=False)
            sent.number = sent.send_key = uuid.uuid4().hex[:20]
            sent.municipality, sent.account, sent.procedure_id, sent.version_id = city, request.user, 1, 1
            sent.submitted_at, sent.fiscal_year = now, 2026
            sent.save()
            data = {"procedure": "bench", "minutes": 3}
            Event(municipality=city, key="sent", at=now, subject_type="x", subject_id=sent.pk, data=data).save()
        return HttpResponseRedirect("/done/")

    def guarded(request: Any) -> Any:
        from django_scopes import scope

        with scope(municipality=city):  # the account's table is scoped
            return send(request)

    module = ModuleType("bench_submit_urls")
    from madoguchi.site.urls import urlpatterns

    module.urlpatterns = [path("bare/send/", guarded), *urlpatterns]  # type: ignore[attr-defined]
    return module


DJANGO_SESSIONS, DJANGO_BACKEND = "django.contrib.sessions.backends.db", "django.contrib.auth.backends.ModelBackend"
DJANGO_ONLY = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]


def handler(**changed: Any) -> Any:
    """Return Django's WSGI application with the settings of the product, or with these changed."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    with override_settings(**changed):
        return WSGIHandler()


def post(application: Any, path: str, cookie: str, body: bytes) -> None:
    """Send a form through a WSGI application in this process; anything but a redirect is an error."""
    status: list[str] = []
    environment = wsgi_request(path, host=HOST, cookie=cookie) | {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    answer = application(environment, lambda line, headers: status.append(line))
    text = b"".join(answer)
    answer.close()
    assert status[0].startswith("302"), (path, status[0], text[:2000].decode())


def ratio(city: Any, version: Any, account: Any) -> bool:
    """Compare the two in turns."""
    from django.conf import settings
    from django.test import override_settings

    from madoguchi.trust.api import acting_for

    sys.modules["bench_submit_urls"] = bare_page(city)
    with acting_for(city):
        keys = iter(drafts(city, version, account, ROUNDS + 20))
    backends = [*settings.AUTHENTICATION_BACKENDS, DJANGO_BACKEND]
    token = {"csrfmiddlewaretoken": TOKEN}
    ours_body = urlencode({**token, "declared": "yes", "go": "send"}).encode()
    posted = {"applicant_name": "見本 花子", "language": "ja", "channel": "online", "answers": json.dumps(VALUES)}
    bare_body = urlencode({**token, **posted}).encode()
    changed = {"ROOT_URLCONF": "bench_submit_urls", "SECOND_FACTOR_REQUIRED": False}
    with override_settings(**changed, AUTHENTICATION_BACKENDS=backends):
        cookie, bare_cookie = session_of(account), session_of(account, DJANGO_BACKEND)
        product, bare = handler(), handler(MIDDLEWARE=DJANGO_ONLY, SESSION_ENGINE=DJANGO_SESSIONS)
        ours_ms, bare_ms = in_turns(
            lambda: post(product, f"/procedures/apply/review/{next(keys)}/", cookie, ours_body),
            lambda: post(bare, "/bare/send/", bare_cookie, bare_body),
            rounds=ROUNDS,
        )
    return report_ratio("application sent (POST)", ours_ms=ours_ms, bare_ms=bare_ms, at_least=BUDGET)


def clients(city: Any, version: Any, account: Any) -> bool:
    """Let 16 clients send at once to the product's server; print the worst of a hundred."""
    from madoguchi.trust.api import acting_for

    with acting_for(city):
        keys = [drafts(city, version, account, EACH + 3) for _ in range(CLIENTS)]
    cookie = session_of(account)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = "from madoguchi.site.cli import main; main()"
    server = subprocess.Popen(
        [sys.executable, "-c", serve, "serve", "--port", str(port)],
        env=os.environ | {"MADOGUCHI_LOG_LEVEL": "ERROR"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        times = _send_all(port, keys, cookie)
    finally:
        server.terminate()
        server.wait(timeout=20)
    worst = percentile(times, 0.99)
    line = {
        "bench": f"application sent, {CLIENTS} clients on SQLite",
        "p99_ms": round(worst, 1),
        "at_most": WORST_MS,
        "median_ms": round(percentile(times, 0.5), 1),
        "requests": len(times),
        "passed": worst < WORST_MS,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return worst < WORST_MS


def _wait_for(port: int) -> None:
    for _ in range(120):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError("the server did not start")


def _send_all(port: int, keys: list[list[str]], cookie: str) -> list[float]:
    times: list[float] = []
    problems: list[str] = []
    ready = threading.Barrier(len(keys))
    body = urlencode({"csrfmiddlewaretoken": TOKEN, "declared": "yes", "go": "send"})
    headers = {"Host": HOST, "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}

    def one(own: list[str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number, key in enumerate(own):
            if number == 3:  # the first ones warm the server up
                ready.wait()
            start = time.perf_counter()
            connection.request("POST", f"/procedures/apply/review/{key}/", body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 302:
                problems.append(f"{answer.status}")
            if number >= 3:
                times.append((time.perf_counter() - start) * 1000)

    threads = [threading.Thread(target=one, args=(own,)) for own in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems, problems[:5]
    return times


def main() -> int:
    start_installation()
    city, version, account = fill()
    passed = ratio(city, version, account)
    passed &= clients(city, version, account)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
