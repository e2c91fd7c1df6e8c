"""
100,000 personalised mails written, queued, delivered and marked, beside a raw pipelined client that sends ready-made ones.

Ours is all of it in one process: fan-out into the outbox, claiming, writing the texts and the MIME, sending over 20 connections with
the journal that survives a kill, and marking each delivery. The yardstick is an asyncio client that knows nothing but
``MAIL RCPT DATA`` (RFC 2920), over as many connections, with mails of the same size made beforehand. Both talk to the same server
process, which takes everything; the yardstick runs before and after, and its mean counts. One JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.lib import report_ratio, start_installation

BUDGET, CONNECTIONS, SAMPLE, WARM = 0.40, 20, 500, 100
SINK = """
import asyncio
from madoguchi.messaging.plugins.email.sink import Sink
async def main():
    print(await Sink().start(), flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""
BODY = """{{name}}さん

{{town}}にお住まいの、3歳のお子さんがいる方へのお知らせです。

- 健診の日: 令和8年12月10日（木）13時から
- 場所: 市役所2階 健康づくり課
- 持ち物: 母子健康手帳、問診票

ご都合が悪いときは、下のページで日を変えられます。変えた日は、このメールへの返信ではなく、ページでお知らせください。
https://city.example.jp/health/checkup/

健康づくり課
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    with subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True) as sink:
        try:
            assert sink.stdout is not None
            port = int(sink.stdout.readline())
            os.environ["MADOGUCHI_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
            os.environ["MADOGUCHI_MAIL_FROM"] = "{city} <koho@city.example.jp>"
            passed = measure(arguments.count, port, is_profiled=arguments.profile)
        finally:
            sink.kill()
    sys.exit(not passed)


def measure(count: int, port: int, *, is_profiled: bool) -> bool:
    """Return whether the budget holds."""
    start_installation()
    from madoguchi.trust.api import acting_for, add_municipality

    city = add_municipality(key="odawara", code="142069", name="小田原市")
    with acting_for(city):
        timed(fill(city, WARM), is_profiled=False)
        message = fill(city, count - WARM)
        ready = ready_made(city, message)
        before = raw_seconds(port, ready, count)
        ours = timed(message, is_profiled=is_profiled)
        after = raw_seconds(port, ready, count)
        check(message, count)
    return report_ratio(
        f"mail: {count} rendered, queued, delivered, marked ({count / ours:.0f}/s)",
        ours_ms=ours * 1000,
        bare_ms=(before + after) / 2 * 1000,
        at_least=BUDGET,
    )


def fill(city: Any, count: int) -> Any:
    """Make people with an address each, and a message to all of them."""
    from madoguchi.kit import clock
    from madoguchi.messaging.models import Endpoint, Message, Recipient

    now = clock.now()
    people = [
        Recipient(municipality=city, name=f"見本 {number:06}", town=f"町{number % 80}", created_at=now)
        for number in range(count)
    ]
    Recipient.objects.bulk_create(people, batch_size=2000)
    Endpoint.objects.bulk_create(
        [
            Endpoint(
                municipality=city, recipient_id=number, channel="email", address=f"p{number}@example.jp",
                digest=f"{number:064}", status="active", created_at=now,
            )
            for number in Recipient.objects.filter(endpoints=None).values_list("pk", flat=True).order_by("pk")
        ],
        batch_size=2000,
    )  # fmt: skip
    return Message.objects.create(
        municipality=city,
        audience={"everyone": True},
        status="sending",
        contents={"ja": {"subject": "3歳児健診のお知らせ（{{town}}）", "body": BODY, "short": ""}},
        created_at=now,
        changed_at=now,
    )


def ready_made(city: Any, message: Any) -> list[bytes]:
    """Return mails as they will be sent, to be sent by the yardstick."""
    from madoguchi.messaging.plugins.email.letters import Letters
    from madoguchi.messaging.registry import Outgoing

    letters, page = Letters(city), "https://city.example.jp/inbox/d/" + "x" * 32
    made = []
    for number in range(SAMPLE):
        body = BODY.replace("{{name}}", f"見本 {number:06}").replace("{{town}}", f"町{number % 80}")
        outgoing = Outgoing(
            number, message.key, f"p{number}@example.jp", {}, "ja", f"3歳児健診のお知らせ（町{number % 80}）", body, "", page, page
        )  # fmt: skip
        made.append(letters.write(outgoing, to=outgoing.address, date="Fri, 20 Nov 2026 12:00:00 +0900") + b".\r\n")
    return made


def timed(message: Any, *, is_profiled: bool) -> float:
    """Return how long it takes from the decision to send until the last delivery is marked."""
    from madoguchi.messaging.services import sending

    begun = time.perf_counter()
    if is_profiled:
        import cProfile
        import pstats

        with cProfile.Profile() as profile:
            _send(sending, message)
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)
    else:
        _send(sending, message)
    return time.perf_counter() - begun


def _send(sending: Any, message: Any) -> None:
    sending.fan_out(message=message)
    while sending.deliver_due(seconds=3600):
        pass


def check(message: Any, count: int) -> None:
    """Every delivery is marked as sent."""
    found = Counter(message.deliveries.filter(channel="email").values_list("status", flat=True))
    if found != {"sent": count}:
        raise SystemExit(f"deliveries: {dict(found)}")


class Raw(asyncio.Protocol):
    """The yardstick: one connection that sends mails one after the other."""

    transport: asyncio.Transport

    def __init__(self, numbers: Any, ready: list[bytes], ended: asyncio.Future[None]) -> None:
        self.numbers, self.ready, self.ended = numbers, ready, ended
        self.buffer, self.greeted, self.mail = b"", 0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.greeted == 0:
            self.greeted, self.buffer = 1, b""
            self.transport.write(b"EHLO bench.example.jp\r\n")
        elif self.greeted == 1:
            if b"\n250 " in self.buffer:
                self.greeted, self.buffer = 2, b""
                self.go_on(b"")
        elif b"354 " in self.buffer:
            self.buffer = b""
            self.go_on(self.mail)
        elif self.buffer.startswith(b"250 2.0.0") and not self.mail:
            self.transport.close()
            self.ended.set_result(None)

    def go_on(self, before: bytes) -> None:
        number = next(self.numbers, None)
        if number is None:
            self.mail = b""
            self.transport.write(before)
            return
        self.mail = self.ready[number % SAMPLE]
        self.transport.write(
            before + b"MAIL FROM:<b-1-1-x@city.example.jp>\r\nRCPT TO:<p%d@example.jp>\r\nDATA\r\n" % number
        )


def raw_seconds(port: int, ready: list[bytes], count: int) -> float:
    """Return how long the yardstick takes for as many mails."""

    async def run() -> None:
        loop, numbers = asyncio.get_running_loop(), iter(range(count))
        ends = [loop.create_future() for _ in range(CONNECTIONS)]
        for ended in ends:
            await loop.create_connection(lambda ended=ended: Raw(numbers, ready, ended), "127.0.0.1", port)  # type: ignore[misc]
        await asyncio.gather(*ends)

    begun = time.perf_counter()
    asyncio.run(run())
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
