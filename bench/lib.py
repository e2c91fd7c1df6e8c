"""What the benchmarks share: an installation of their own, calls in turns, and one JSON line for each result."""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
Call = Callable[[], object]


def start_installation() -> None:
    """Set Django up on an empty database in a folder of its own (``MADOGUCHI_HOME`` where it is set)."""
    os.environ.setdefault("MADOGUCHI_HOME", tempfile.mkdtemp(prefix="madoguchi-bench-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.site.settings")
    os.environ["MADOGUCHI_DEMONSTRATION"] = "1"
    sys.path.insert(0, str(ROOT))

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def wsgi_request(path: str, *, host: str, cookie: str = "") -> dict[str, object]:
    """Return the WSGI environment of a GET as a server would make it."""
    path, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": quote(query, safe="=&-"),
        "SERVER_NAME": host,
        "SERVER_PORT": "80",
        "HTTP_HOST": host,
        "HTTP_COOKIE": cookie,
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": sys.stdin.buffer,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def ask(handler: Callable[..., object], path: str, *, host: str, cookie: str = "") -> bytes:
    """Send a GET through a WSGI application in this process; anything but 200 is an error."""
    status: list[str] = []
    answer = handler(wsgi_request(path, host=host, cookie=cookie), lambda line, headers: status.append(line))
    try:
        body = b"".join(answer)  # type: ignore[call-overload]  # a WSGI answer is an iterable of bytes
    finally:
        answer.close()  # type: ignore[attr-defined]  # and Django's has close()
    assert status[0].startswith("200"), (path, status[0], body[:300])
    return body


def milliseconds(call: Call) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def in_turns(ours: Call, bare: Call, *, rounds: int = 150) -> tuple[float, float]:
    """Return the median milliseconds of both, called in turns, the order reversed each time, after a warm-up."""
    for _ in range(10):
        ours(), bare()
    times: tuple[list[float], list[float]] = ([], [])
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds):
            for which in (0, 1) if number % 2 else (1, 0):
                times[which].append(milliseconds((ours, bare)[which]))
    finally:
        gc.enable()
    return statistics.median(times[0]), statistics.median(times[1])


def percentile(values: list[float], part: float) -> float:
    """Return the value below which this part of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def report_ratio(name: str, *, ours_ms: float, bare_ms: float, at_least: float) -> bool:
    """Print a ratio against the yardstick with both absolute numbers; returns whether the budget holds."""
    ratio = bare_ms / ours_ms
    line = {
        "bench": name,
        "ratio": round(ratio, 3),
        "at_least": at_least,
        "ours_ms": round(ours_ms, 2),
        "bare_ms": round(bare_ms, 2),
        "passed": ratio >= at_least,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return ratio >= at_least


def report_p95(name: str, times: list[float], *, at_most: float) -> bool:
    """Print the 95th percentile with the median; returns whether the budget holds."""
    p95 = percentile(times, 0.95)
    line = {
        "bench": name,
        "p95_ms": round(p95, 1),
        "at_most": at_most,
        "median_ms": round(statistics.median(times), 1),
        "requests": len(times),
        "passed": p95 <= at_most,
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return p95 <= at_most
