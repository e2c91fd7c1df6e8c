"""Backup (控え) and restore: the whole installation as one file, checked on the way out and on the way in."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from madoguchi.kit import clock

from .. import events
from ..enums import Stream
from ..errors import OperationError
from ..models import Municipality, SealHead, StoredFile, acting_for
from ..models.protection.append_only import protection_lifted
from ..models.protection.row_level_security import append_only_tables, owns_tables
from ..rules.findings import Finding
from ..selectors.anchors import anchor_path
from ..selectors.chain import chains_of
from . import file_store, portable
from .anchors import write_anchor
from .events import record_event
from .sealing import seal_everything

FORMAT = "madoguchi-backup/1"
MANIFEST = "manifest.json"
KEY_FILE = "secret-key"
KEY_FOLDER = "keys"
RESTORED = "restored"


def make_backup(*, path: Path) -> dict[str, Any]:
    """
    Write the database, the stored files and the keys of the data folder into one tar file; return its manifest.

    The keys are the secret key and what ``settings.KEY_FILES`` names: the client's keys at the identity services, and the
    keys of seals made here, without which documents could not be sealed any more under the same certificate.

    The installation may go on working: one state of the database is seen throughout. The file is readable by its owner
    alone; a name ending in ``.gz`` compresses it. Raises ``OperationError``; an existing file is never overwritten.
    """
    if path.exists():
        raise OperationError(f"{path} はすでにあります。別の名前を指定してください。")
    fresh = path.with_name(f".{path.name}.part")
    try:
        with _open_private(fresh, compress=path.suffix in {".gz", ".tgz"}) as archive:
            manifest = _Writer(archive).write()
        fresh.replace(path)
    except (OSError, tarfile.TarError, DatabaseError) as error:
        raise OperationError(f"控えを作れませんでした: {error}") from error
    finally:
        fresh.unlink(missing_ok=True)
    return manifest


def _open_private(path: Path, *, compress: bool) -> tarfile.TarFile:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    return tarfile.open(path, "w:gz", compresslevel=6) if compress else tarfile.open(path, "w")


class _Writer:
    """Fills an archive and notes what it put in."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self.archive = archive
        self.contents: dict[str, dict[str, Any]] = {}
        self.tables: dict[str, int] = {}
        self.files = 0

    def write(self) -> dict[str, Any]:
        with portable.snapshot():
            for model in portable.portable_models():
                self._add_table(model)
            migrations = portable.applied_migrations()
            self._add_files()
        self._add_secret()
        manifest = {
            "format": FORMAT,
            "made_at": clock.now().isoformat(),
            "version": version("madoguchi"),
            "database": connection.vendor,
            "migrations": migrations,
            "tables": self.tables,
            "files": self.files,
            "bytes": sum(content["size"] for content in self.contents.values()),
            "contents": self.contents,
        }
        self._add(MANIFEST, io.BytesIO(json.dumps(manifest, ensure_ascii=False, indent=1).encode()))
        return manifest

    def _add_table(self, model: Any) -> None:
        label = model._meta.label_lower
        with tempfile.TemporaryFile() as file:
            count = -1
            for line in portable.table_lines(model):
                file.write(line.encode() + b"\n")
                count += 1
            self.tables[label] = count
            self._add(f"tables/{label}.jsonl", file)

    def _add_files(self) -> None:
        for municipality in Municipality.objects.order_by("pk"):
            with acting_for(municipality):
                digests = sorted(set(StoredFile.objects.values_list("digest", flat=True)))
                for digest in digests:
                    self._add_file(municipality, digest)

    def _add_file(self, municipality: Municipality, digest: str) -> None:
        try:
            with file_store.open_content(digest) as content:
                self._add(f"files/{municipality.pk}/{digest}", content)
        except FileNotFoundError:
            # Discarded since the snapshot, or lost: the diagnosis after a restore names it.
            return
        self.files += 1

    def _add_secret(self) -> None:
        secret = Path(settings.HOME) / KEY_FILE
        if secret.is_file():
            self._add(KEY_FILE, io.BytesIO(secret.read_bytes()))
        for name in _key_names(Path(settings.HOME)):
            self._add(f"{KEY_FOLDER}/{name}", io.BytesIO((Path(settings.HOME) / name).read_bytes()))

    def _add(self, name: str, content: Any) -> None:
        size = content.seek(0, os.SEEK_END)
        content.seek(0)
        self.contents[name] = {"size": size, "sha256": hashlib.file_digest(content, "sha256").hexdigest()}
        content.seek(0)
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, 0o600, int(clock.now().timestamp())
        self.archive.addfile(entry, content)


def restore_backup(*, path: Path, force: bool = False) -> list[Finding]:
    """
    Put a backup back: database, files, keys; return what the chains show afterwards.

    Everything is checked before anything is changed, and the database changes in one transaction. An installation that has
    municipalities is refused unless ``force``, which replaces all of it. Restart the processes afterwards: the secret key
    may be another one. On PostgreSQL this takes the role that owns the tables. Raises ``OperationError``.
    """
    with tempfile.TemporaryDirectory(prefix="madoguchi-restore-") as folder:
        manifest = _unpack(path, Path(folder))
        _check_target(manifest, force=force)
        try:
            _load(Path(folder), manifest)
        except (DatabaseError, ValueError, KeyError, LookupError, OSError) as error:
            raise OperationError(f"元に戻せませんでした。データベースは変わっていません: {error}") from error
        _restore_secret(Path(folder))
    _resume()
    return chains_of(list(Municipality.objects.order_by("pk")))


def _unpack(path: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(path, "r:*") as archive:
            archive.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        contents = manifest["contents"]
    except (OSError, tarfile.TarError, ValueError, KeyError, EOFError) as error:
        raise OperationError(f"{path} は控えのファイルとして読めません: {error}") from error
    if manifest.get("format") != FORMAT:
        raise OperationError(f"{path} は、この版では読めない形式の控えです（{manifest.get('format')}）。")
    present = {found.relative_to(folder).as_posix() for found in folder.rglob("*") if found.is_file()} - {MANIFEST}
    wrong = sorted(present ^ set(contents)) or [
        name for name in contents if not _is_as_noted(folder, name, contents[name])
    ]
    if wrong:
        raise OperationError(f"{path} は壊れているか、書き換えられています: {', '.join(wrong[:5])}")
    return manifest


def _is_as_noted(folder: Path, name: str, noted: dict[str, Any]) -> bool:
    with (folder / name).open("rb") as file:
        return bool(hashlib.file_digest(file, "sha256").hexdigest() == noted["sha256"])


def _check_target(manifest: dict[str, Any], *, force: bool) -> None:
    if Municipality._meta.db_table not in connection.introspection.table_names():
        _make_tables()
    if not owns_tables(connection):
        raise OperationError(
            "データベースの表の所有者でない役では元に戻せません。MADOGUCHI_DATABASE_URL に所有者の役を指定してください。"
        )
    if portable.applied_migrations() != manifest["migrations"]:
        raise OperationError(
            f"控えは版 {manifest['version']} で作られ、データベースの形がこの版と違います。"
            "同じ版の madoguchi で元に戻してから、新しい版に更新してください。"
        )
    if Municipality.objects.exists() and not force:
        raise OperationError("すでにデータがあります。空の設置先に戻すか、--force を付けて置き換えてください。")


def _make_tables() -> None:
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise OperationError(f"データベースを用意できませんでした: {str(error).splitlines()[0]}") from error


def _load(folder: Path, manifest: dict[str, Any]) -> None:
    with transaction.atomic(), protection_lifted(connection, *append_only_tables(connection)):
        portable.empty_tables()
        for model in portable.portable_models():
            label = model._meta.label_lower
            with (folder / "tables" / f"{label}.jsonl").open(encoding="utf-8") as lines:
                count = portable.load_table(model=model, lines=lines)
            if count != manifest["tables"][label]:
                raise ValueError(f"{label}: {count} rows instead of {manifest['tables'][label]}")
        for municipality in Municipality.objects.all():
            with acting_for(municipality):
                _load_files(folder / "files" / str(municipality.pk))
                # The rows have new places in the order of commit: the sealer finds its own anew before it goes on.
                SealHead.objects.update(cluster=RESTORED)


def _load_files(folder: Path) -> None:
    for content in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file_store.put(content.read_bytes()) != content.name:
            raise ValueError(f"files: {content.name}")


def _key_names(folder: Path) -> list[str]:
    """Return the files with keys below a folder, relative to it; whatever else lies there is none of a backup's."""
    found = {path for pattern in settings.KEY_FILES for path in folder.glob(pattern) if path.is_file()}
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _restore_secret(folder: Path) -> None:
    home = Path(settings.HOME)
    if (folder / KEY_FILE).is_file():
        _write_private(folder / KEY_FILE, home / KEY_FILE)
    for name in _key_names(folder / KEY_FOLDER):
        (home / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_private(folder / KEY_FOLDER / name, home / name)


def _write_private(source: Path, target: Path) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(source.read_bytes())


def _resume() -> None:
    """Note the restore in every chain and let the sealer go on from there."""
    ContentType.objects.clear_cache()
    for municipality, stream, head in _heads():
        # What was noted here belongs to the chain that stood here before.
        anchor_path(municipality, stream).unlink(missing_ok=True)
        if head.number:
            write_anchor(municipality=municipality, stream=stream, number=head.number, hash=head.hash)
    for municipality in Municipality.objects.all():
        with acting_for(municipality):
            record_event(kind=events.RESTORED, subject=municipality)
    seal_everything()


def _heads() -> Iterator[tuple[Municipality, Stream, SealHead]]:
    for municipality in Municipality.objects.all():
        with acting_for(municipality):
            for head in SealHead.objects.all():
                yield municipality, Stream(head.stream), head
