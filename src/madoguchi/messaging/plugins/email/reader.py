"""
The process beside a worker that reads what mail servers answer, and writes it down before anybody acts on it.

It is started as a file of its own (``python -ISE reader.py …``), imports nothing of the program, and outlives the worker: when
that is killed, the connections stay open here, the server answers what it was sent, the answers are kept, and only then is
the lock of the journal given back. Records of the answers are ``connection (4 bytes), length (4), kind (1), data``.

A plain connection is shared with the worker, which writes to it. An encrypted one cannot be shared, so this process does the
encryption: the worker writes to a local socket, and what it wrote is passed on even after its death.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Iterator

RECORD = struct.Struct("!IIB")
DATA, CLOSED = 0, 1
MOST = 60_000
MANY, MOMENT = 4, 0.0003
SILENCE, PATIENCE = 10.0, 30.0


def pack(connection: int, kind: int, data: bytes = b"") -> bytes:
    """Return a record."""
    return RECORD.pack(connection, len(data), kind) + data


def unpack(records: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (connection, kind, data) of records; one that was cut off at the end is left out."""
    place = 0
    while place + RECORD.size <= len(records):
        connection, length, kind = RECORD.unpack_from(records, place)
        end = place + RECORD.size + length
        if end > len(records):
            return
        yield connection, kind, records[place + RECORD.size : end]
        place = end


def count_replies(data: bytes) -> int:
    """Return how many replies are complete in what a server sent."""
    lines = data.split(b"\n")
    return sum(1 for line in lines[:-1] if line[3:4] != b"-")


class Plain:
    """A connection the worker writes to itself."""

    def __init__(self, number: int, link: socket.socket) -> None:
        self.number, self.link = number, link
        link.setblocking(False)
        self.closed = False
        self.begun = time.monotonic()
        self.half_closed: float | None = None

    def files(self) -> list[tuple[socket.socket, int]]:
        """Return what to wait for."""
        return [] if self.closed else [(self.link, select.EPOLLIN)]

    def look(self) -> bytes | None:
        """Return what the server sent without taking it, b"" at its end, None where there is nothing."""
        try:
            return self.link.recv(MOST, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return b""

    def take(self, length: int) -> None:
        """Take what was seen and written down."""
        self.link.recv(length)

    def pump(self) -> None:
        """Pass nothing on: the worker writes itself."""

    def is_flushed(self) -> bool:
        """Tell whether all the worker wrote is on its way."""
        return True

    def half_close(self) -> None:
        """Tell the server that nothing more comes."""
        self.half_closed = time.monotonic()
        try:
            self.link.shutdown(socket.SHUT_WR)
        except OSError:
            self.closed = True

    def close(self) -> None:
        """Close it."""
        self.closed = True
        self.link.close()


class Encrypted(Plain):
    """A connection this process encrypts; ``worker`` is the local socket to the worker."""

    def __init__(self, number: int, link: socket.socket, worker: socket.socket, host: str, ca: str) -> None:
        import ssl

        super().__init__(number, link)
        self.ssl, self.worker = ssl, worker
        worker.setblocking(False)
        context = ssl.create_default_context(cafile=ca or None)
        self.link = context.wrap_socket(link, server_hostname=host, do_handshake_on_connect=False)
        self.out, self.back, self.seen = b"", b"", b""
        self.is_open, self.has_failed, self.worker_ended, self.wants_write = False, False, False, False

    def files(self) -> list[tuple[socket.socket, int]]:
        """Return what to wait for."""
        if self.closed:
            return []
        writing = select.EPOLLOUT if self.wants_write or (self.out and self.is_open) else 0
        found: list[tuple[socket.socket, int]] = [(self.link, select.EPOLLIN | writing)]
        if not self.worker_ended and (len(self.out) < MOST or self.back):
            inward = select.EPOLLIN if self.is_open and len(self.out) < MOST else 0
            found.append((self.worker, inward | (select.EPOLLOUT if self.back else 0)))
        return found

    def look(self) -> bytes | None:
        """Return what the server sent, decrypted; it is kept here until it is taken."""
        if not self.is_open and not self._shake_hands():
            return b"" if self.has_failed else None
        if not self.seen:
            try:
                self.seen = self.link.recv(MOST)
            except (self.ssl.SSLWantReadError, self.ssl.SSLWantWriteError, BlockingIOError, InterruptedError):
                return None
            except OSError:
                return b""
        return self.seen

    def take(self, length: int) -> None:
        """Hand on to the worker what is written down."""
        self.back += self.seen[:length]
        self.seen = self.seen[length:]

    def _shake_hands(self) -> bool:
        try:
            self.link.do_handshake()  # type: ignore[attr-defined]  # it is an SSLSocket by now
        except self.ssl.SSLWantReadError:
            self.wants_write = False
        except self.ssl.SSLWantWriteError:
            self.wants_write = True
        except OSError as error:
            said = getattr(error, "verify_message", "") or getattr(error, "reason", "") or str(error)
            self._announce(f"599 TLS: {said}")
            self.has_failed = True
        else:
            self.is_open, self.wants_write = True, False
            self._announce(f"299 {self.link.version()}")  # type: ignore[attr-defined]
        return self.is_open

    def _announce(self, line: str) -> None:
        """Say in the form of a reply how the handshake went; the worker reads it before everything else."""
        try:
            self.worker.send(line.replace("\r", " ").replace("\n", " ").encode() + b"\r\n")
        except OSError:
            self.worker_ended = True

    def pump(self) -> None:
        """Pass on in both directions."""
        if self.closed or not self.is_open:
            return
        try:
            while not self.worker_ended and len(self.out) < MOST and (data := self.worker.recv(MOST)):
                self.out += data
            if len(self.out) < MOST:
                self.worker_ended = True
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.worker_ended = True
        self._write()

    def _write(self) -> None:
        try:
            while self.out:
                self.out = self.out[self.link.send(self.out[:16_384]) :]
        except (self.ssl.SSLWantReadError, self.ssl.SSLWantWriteError, BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.out = b""
        try:
            while self.back:
                self.back = self.back[self.worker.send(self.back) :]
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.back = b""

    def is_flushed(self) -> bool:
        """Tell whether all the worker wrote is on its way."""
        return self.closed or (self.worker_ended and not self.out)

    def half_close(self) -> None:
        """Tell the server that nothing more comes, without waiting for its own farewell."""
        self.half_closed = time.monotonic()
        try:
            socket.socket.shutdown(self.link, socket.SHUT_WR)
        except OSError:
            self.closed = True

    def close(self) -> None:
        """Close both sides."""
        super().close()
        try:
            while self.back:
                self.back = self.back[self.worker.send(self.back) :]
        except OSError:
            pass
        self.worker.close()


class Reader:
    """Reads all connections of one worker until the worker is gone and everything it sent is answered."""

    def __init__(self, control: socket.socket, answers: int, sent: str) -> None:
        self.control, self.answers, self.sent = control, answers, sent
        self.links: dict[int, Plain] = {}
        self.poll = select.epoll()
        self.registered: dict[int, tuple[int, int]] = {}
        self.has_worker = True

    def run(self) -> None:
        """Do the work; returns when there is nothing left to read."""
        self.poll.register(self.control, select.EPOLLIN)
        while self.has_worker:
            self._register()
            ready = self.poll.poll(5.0)
            if ready and len(self.links) >= MANY:
                # Answers of other connections come within a moment: told together they wake the worker once.
                time.sleep(MOMENT)
                ready = self.poll.poll(0)
            numbers = {self.registered[file][0] for file, _ in ready if file in self.registered}
            self._read([self.links[number] for number in numbers if number in self.links])
            if any(file == self.control.fileno() for file, _ in ready):
                self._obey()
        self.poll.unregister(self.control)
        self._settle()

    def _register(self) -> None:
        wanted = {
            file.fileno(): (number, events) for number, link in self.links.items() for file, events in link.files()
        }
        if wanted == self.registered:
            return
        for file in self.registered.keys() - wanted.keys():
            try:
                self.poll.unregister(file)
            except OSError:
                continue
        for file, (number, events) in wanted.items():
            if file not in self.registered:
                self.poll.register(file, events)
            elif self.registered[file] != (number, events):
                self._watch_again(file, events)
        self.registered = wanted

    def _watch_again(self, file: int, events: int) -> None:
        try:
            self.poll.modify(file, events)
        except FileNotFoundError:  # the number belongs to another connection by now
            self.poll.register(file, events)

    def _obey(self) -> None:
        """Take over a connection (``N``, ``T``) or give one up (``C``); the end of the control socket is the worker's."""
        try:
            order, files, _, _ = socket.recv_fds(self.control, 4096, 2)
        except OSError:
            order, files = b"", []
        if not order:
            self.has_worker = False
            return
        kind, _, rest = order.partition(b" ")
        told = json.loads(rest)
        number = int(told["number"])
        if kind == b"C":
            self._forget(number)
        elif kind == b"N":
            self.links[number] = Plain(number, socket.socket(fileno=files[0]))
        else:
            pair = (socket.socket(fileno=files[0]), socket.socket(fileno=files[1]))
            try:
                link = self.links[number] = Encrypted(number, *pair, told["host"], told["ca"])
                self._read([link])
            except OSError as error:
                pair[1].send(f"599 TLS: {error}\r\n".encode())
                pair[1].close()

    def _forget(self, number: int) -> None:
        link = self.links.pop(number, None)
        if link is None:
            return
        for file, _ in link.files():
            if self.registered.pop(file.fileno(), None):
                self.poll.unregister(file)
        link.close()

    def _read(self, links: list[Plain]) -> None:
        """Write down what came, then take it, then tell the worker: dying in between loses nothing that was not written down."""
        records, told, taken = [], [], []
        for link in links:
            link.pump()
            data = link.look()
            if data is None:
                continue
            record = pack(link.number, DATA if data else CLOSED, data)
            records.append(record)
            if type(link) is Plain:
                told.append(record)
            taken.append((link, len(data)))
        if not records:
            return
        os.write(self.answers, b"".join(records))
        for link, length in taken:
            if length:
                link.take(length)
                link.pump()
            else:
                self._forget(link.number)
        if self.has_worker and told:
            self._tell(b"".join(told))

    def _tell(self, records: bytes) -> None:
        try:
            for start in range(0, len(records), MOST):
                self.control.send(records[start : start + MOST])
        except OSError:
            return

    def _settle(self) -> None:
        """Wait for what the dead worker committed to be answered."""
        committed = committed_replies(self.sent)
        for link in self.links.values():
            link.begun = time.monotonic()
        while self.links:
            answered = answered_replies(self.sent.removesuffix("sent") + "answers")
            for number, link in list(self.links.items()):
                if self._is_settled(link, committed.get(number, -1), answered.get(number, 0)):
                    self._forget(number)
            self._register()
            ready = self.poll.poll(0.2)
            numbers = {self.registered[file][0] for file, _ in ready if file in self.registered}
            self._read([self.links[number] for number in numbers if number in self.links])
            for number in numbers & self.links.keys():
                self.links[number].begun = time.monotonic()

    def _is_settled(self, link: Plain, last: int, answered: int) -> bool:
        """Tell whether nothing more is to be expected; a silent server learns after a while that nothing more comes."""
        link.pump()
        if link.closed or last < answered:
            return True
        now = time.monotonic()
        if link.half_closed is not None:
            return now - link.half_closed > PATIENCE
        if link.is_flushed() and now - link.begun > SILENCE:
            link.half_close()
        return False


def committed_replies(sent: str) -> dict[int, int]:
    """Return for each connection the place of the last reply the worker waited for (``C connection place delivery``)."""
    found: dict[int, int] = {}
    with open(sent, "rb") as file:
        for line in file.read().split(b"\n")[:-1]:
            parts = line.split(b" ")
            if parts[0] == b"C":
                found[int(parts[1])] = max(int(parts[2]), found.get(int(parts[1]), -1))
    return found


def answered_replies(answers: str) -> dict[int, int]:
    """Return how many replies of each connection are written down."""
    data: dict[int, list[bytes]] = {}
    with open(answers, "rb") as file:
        for number, kind, part in unpack(file.read()):
            if kind == DATA:
                data.setdefault(number, []).append(part)
    return {number: count_replies(b"".join(parts)) for number, parts in data.items()}


def main(arguments: list[str]) -> None:
    """Run with: control socket, answers file, lock file (held open), path of the sent file, silence, patience."""
    global SILENCE, PATIENCE
    SILENCE, PATIENCE = float(arguments[4]), float(arguments[5])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    Reader(socket.socket(fileno=int(arguments[0])), int(arguments[1]), arguments[3]).run()


if __name__ == "__main__":
    main(sys.argv[1:])
