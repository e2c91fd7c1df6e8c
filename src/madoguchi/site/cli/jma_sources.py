"""Where telegrams come from on the command line: files, folders, archives, a pipe, a receiver."""

from __future__ import annotations

import gzip
import socket
import sys
import tarfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import click

MAX_BYTES = 4_000_001
"""One more than a telegram may have: the reader then says that it is too big."""
MAX_FILES = 20_000


def read_sources(names: tuple[str, ...]) -> Iterator[tuple[str, bytes | str]]:
    """Yield (name, bytes) of every telegram in files, folders, archives or ``-``; instead of bytes why one cannot be read."""
    for name in names:
        if name == "-":
            yield "（標準入力）", sys.stdin.buffer.read(MAX_BYTES)
            continue
        path = Path(name)
        if path.is_dir():
            for file in sorted(one for one in path.rglob("*") if one.suffix.lower() == ".xml" and one.is_file()):
                yield from _file(file)
        else:
            yield from _file(path)


def _file(path: Path) -> Iterator[tuple[str, bytes | str]]:
    try:
        if tarfile.is_tarfile(path):
            yield from _archive(path)
        elif path.suffix.lower() == ".gz":
            with gzip.open(path, "rb") as file:
                yield path.name, file.read(MAX_BYTES)
        else:
            with path.open("rb") as file:
                yield path.name, file.read(MAX_BYTES)
    except OSError as error:
        yield str(path), f"読めません（{error.strerror or error}）。"
    except (EOFError, zlib.error, tarfile.TarError) as error:
        yield str(path), f"書庫として読めません（{error}）。"


def _archive(path: Path) -> Iterator[tuple[str, bytes | str]]:
    """Yield the telegrams of an archive, read in memory one by one; nothing is unpacked to the disk."""
    with tarfile.open(path) as archive:
        for number, member in enumerate(archive):
            if number >= MAX_FILES:
                yield path.name, f"書庫のファイルが多すぎます（上限は{MAX_FILES:,}個です）。"
                return
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name, file.read(MAX_BYTES)


def read_lines(*, device: str | None, tcp: str | None) -> Iterator[str]:
    """Yield the lines of a receiver for ever; a lost connection is made again after a while, longer each time."""
    wait = 1.0
    while True:
        try:
            for line in _device_lines(device) if device else _tcp_lines(tcp or ""):
                wait = 1.0
                yield line
            click.echo("受信機との接続が終わりました。つなぎ直します。", err=True)
        except (OSError, ValueError) as error:
            click.echo(f"受信機につながりません（{error}）。{wait:.0f}秒後につなぎ直します。", err=True)
        time.sleep(wait)
        wait = min(wait * 2, 60.0)


def _device_lines(device: str) -> Iterator[str]:
    with open(device, "rb", buffering=0) as stream:
        rest = b""
        while chunk := stream.read(256):
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[-400:]
            for line in lines:
                yield line[-400:].decode("ascii", "replace")


def _tcp_lines(address: str) -> Iterator[str]:
    host, _colon, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=15) as connection:
        # A receiver says something every second; silence means that the line is dead.
        connection.settimeout(120)
        rest = b""
        while chunk := connection.recv(1024):
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[-400:]
            for line in lines:
                yield line[-400:].decode("ascii", "replace")
