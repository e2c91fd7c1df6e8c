"""The diagnosis an operator asks for: everything that can be found out to be wrong, named."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from madoguchi.kit.registry import Severity, check_all

from ..models import AccessRecord, Event, Municipality, Seal, StoredFile, acting_for
from ..models.protection.append_only import is_protected
from ..models.protection.row_level_security import unprotected_tables
from ..rules.findings import ERROR, WARNING, Finding
from ..selectors import status
from ..selectors.chain import verify_chain
from . import file_store

ENOUGH_BYTES = 1024**3


def diagnose() -> list[Finding]:
    """
    Check the installation: database, protection of the tables, configuration, worker, room; chains and files of every city.

    Returns what is wrong, nothing when all is well; ``severity`` is ``error`` or ``warning``.
    """
    findings = quick_checks()
    if any(finding.kind == "migrations_pending" for finding in findings):
        return findings
    for municipality in Municipality.objects.order_by("pk"):
        findings += verify_chain(municipality)
        findings += check_files(municipality)
    return findings


def quick_checks() -> list[Finding]:
    """Check what takes no time: everything of ``diagnose`` but chains and files."""
    pending = list(check_migrations())
    if pending:
        return pending
    return [*check_protection(), *check_configuration(), *check_worker(), *check_disk()]


def check_migrations() -> Iterator[Finding]:
    """Report migrations that are not applied."""
    if pending := status.pending_migrations():
        message = f"データベースが古い形のままです（{len(pending)}件）。「madoguchi migrate」を実行してください。"
        yield Finding(ERROR, "database", "migrations_pending", message, pending[0])


def check_protection() -> Iterator[Finding]:
    """Report append-only tables without triggers, owned tables without policy, and a role that passes through walls."""
    for model in (Event, AccessRecord, Seal):
        if not is_protected(connection, model._meta.db_table):
            message = f"{model._meta.verbose_name}の表が、追記だけに制限されていません。移行をやり直してください。"
            yield Finding(ERROR, "database", "not_append_only", message, model._meta.db_table)
    for table in unprotected_tables(connection):
        message = f"表 {table} に、自治体ごとの行の壁（行レベルセキュリティ）がありません。"
        yield Finding(ERROR, "database", "no_row_level_security", message, table)
    if connection.vendor == "postgresql" and _role_passes_walls():
        message = "データベースの利用者が、行の壁を越えられる役割です。SUPERUSER と BYPASSRLS を外してください。"
        yield Finding(ERROR, "database", "role_bypasses", message)


def _role_passes_walls() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def check_configuration() -> Iterator[Finding]:
    """Report what the registered parts say about their own configuration."""
    for problem in check_all():
        if problem.severity != Severity.INFO:
            severity = ERROR if problem.severity == Severity.ERROR else WARNING
            yield Finding(severity, problem.key, "configuration", problem.message)


def check_worker() -> Iterator[Finding]:
    """Report that no worker runs."""
    if not status.workers():
        message = "ワーカーが動いていません。「madoguchi worker」を動かしてください。ジョブと封印が止まっています。"
        yield Finding(WARNING, "worker", "no_worker", message)


def check_disk() -> Iterator[Finding]:
    """Report that room is running out."""
    room = status.disk()
    if room.free < ENOUGH_BYTES:
        message = f"データの置き場所の空きが {room.free // 1024**2} MB です。空きを増やしてください。"
        yield Finding(WARNING, room.path, "disk_full", message)


def check_files(municipality: Municipality) -> Iterator[Finding]:
    """Report stored files of a municipality whose content is gone or altered."""
    with acting_for(municipality):
        for stored in StoredFile.objects.order_by("pk").iterator(chunk_size=500):
            intact = file_store.is_intact(stored.digest)
            if intact is None:
                message = f"保管ファイル {stored.pk} 番の中身がありません。控えから戻してください。"
                yield Finding(ERROR, f"{municipality.key}/files", "file_missing", message, str(stored.pk))
            elif not intact:
                message = f"保管ファイル {stored.pk} 番の中身が、保管したときと違います。控えから戻してください。"
                yield Finding(ERROR, f"{municipality.key}/files", "file_altered", message, str(stored.pk))
