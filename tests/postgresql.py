"""
A PostgreSQL of its own for tests and benchmarks: a fresh cluster in a temporary folder, on a free loopback port.

``python -m tests.postgresql COMMAND…`` runs a command with ``MADOGUCHI_DATABASE_URL`` pointing to such a server.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OWNER, APPLICATION, DATABASE = "madoguchi_owner", "madoguchi_app", "madoguchi"


@dataclass(frozen=True)
class Server:
    """Where the server listens; ``url`` is the owner's, ``application_url`` that of the role without any privilege."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def application_url(self) -> str:
        return f"postgresql://{APPLICATION}@127.0.0.1:{self.port}/{DATABASE}"

    def execute(self, sql: str, *, database: str = DATABASE) -> str:
        """Run SQL as the superuser of the cluster and return what psql prints."""
        command = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database, "-qAtX"]
        command += ["-v", "ON_ERROR_STOP=1", "-c", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def find_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs (15 or newer), or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]), reverse=True)
    if found and int(found[0].parts[4]) >= 15:
        return found[0].parent
    on_path = shutil.which("initdb")
    version = subprocess.run([on_path, "--version"], capture_output=True, text=True).stdout if on_path else ""
    match = re.search(r"(\d+)", version)
    return Path(on_path).resolve().parent if on_path and match and int(match[1]) >= 15 else None


@contextmanager
def start_postgresql(*, fsync: bool = False) -> Iterator[Server]:
    """
    Start a fresh cluster with an owner role and an application role, neither of which may bypass row level security.

    Tests do without fsync and without housekeeping in the background; benchmarks keep both.
    Raises RuntimeError when PostgreSQL is not installed.
    """
    programs = find_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL 15 or newer is not installed (Debian: apt install postgresql)")
    _end_in_order_when_told_to()
    folder = Path(tempfile.mkdtemp(prefix="madoguchi-postgresql-"))
    server = Server(_free_port(), folder)
    try:
        _initialise(programs, folder)
        _as_server_user([str(programs / "pg_ctl"), "-D", str(folder / "data"), "-w", "-s", "-o", _options(server, fsync),
                         "-l", str(folder / "log"), "start"])  # fmt: skip
        try:
            _create_roles(server)
            yield server
        finally:
            _as_server_user([str(programs / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "-s", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _end_in_order_when_told_to() -> None:
    """Let a termination unwind the stack, so that the server does not outlive who started it."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def _initialise(programs: Path, folder: Path) -> None:
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    _as_server_user([str(programs / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust",
                     "-E", "UTF8", "--locale=C", "--no-sync"])  # fmt: skip


def _options(server: Server, fsync: bool) -> str:
    durable = "" if fsync else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
    return (
        f"-c listen_addresses=127.0.0.1 -p {server.port} -c unix_socket_directories={server.folder}"
        f" -c max_connections=60 -c log_min_messages=fatal{durable}"
    )


def _create_roles(server: Server) -> None:
    limits = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE"
    server.execute(f"CREATE ROLE {OWNER} {limits} CREATEDB", database="postgres")
    server.execute(f"CREATE ROLE {APPLICATION} {limits} NOCREATEDB", database="postgres")
    # The owner may step down to the application's role, which is how a test shows what that role sees.
    server.execute(f"GRANT {APPLICATION} TO {OWNER}", database="postgres")
    server.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}", database="postgres")


def _as_server_user(command: list[str]) -> None:
    """Run one of PostgreSQL's programs, which refuse to work for root."""
    user = "postgres" if os.geteuid() == 0 else None
    result = subprocess.run(command, user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        raise RuntimeError(f"{Path(command[0]).name} failed: {result.stderr.strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    """Run the command of the arguments beside a server."""
    with start_postgresql() as server:
        environment = {
            **os.environ,
            "MADOGUCHI_DATABASE_URL": server.url,
            "MADOGUCHI_DATABASE_ROLE": APPLICATION,
        }
        return subprocess.run(sys.argv[1:], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
