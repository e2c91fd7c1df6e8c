"""The state of the installation, as the status page shows it."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from madoguchi.kit import clock

from .. import events
from ..enums import Stream
from ..models import Event, SealHead, WorkerHeartbeat
from ..models.protection.row_level_security import owned_models, unprotected_tables
from .commit_order import model_of, pending_rows

WORKER_PATIENCE = SEALER_PATIENCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Disk:
    """Room in the data folder, in bytes."""

    path: str
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class SealState:
    """How far a chain is: seals, and since when the oldest row waits for one (None: nothing waits)."""

    stream: Stream
    number: int
    waiting_since: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether a row waits for longer than a minute; a running sealer needs less than a second."""
        return self.waiting_since is not None and clock.now() - self.waiting_since > SEALER_PATIENCE


@dataclass(frozen=True, slots=True)
class Versions:
    """What runs here."""

    madoguchi: str
    django: str
    python: str
    database: str


def versions() -> Versions:
    """Return the versions of the program and of what it stands on."""
    return Versions(version("madoguchi"), django.get_version(), platform.python_version(), database_version())


def database_version() -> str:
    """Return name and version of the database."""
    numbers = ".".join(str(part) for part in connection.get_database_version())
    return f"{connection.display_name} {numbers}"


def describe_database() -> str:
    """Say in one line which database it is, whom it takes us for and what keeps the municipalities apart."""
    if connection.vendor != "postgresql":
        return f"{database_version()}（行の壁はなく、自治体の間はプログラムだけが隔てます）"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
    owned = len(owned_models())
    return f"{database_version()}（役 {role}、行の壁 {owned - len(unprotected_tables(connection))}/{owned}表）"


def pending_migrations() -> list[str]:
    """Return the migrations that are not applied yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def workers() -> list[WorkerHeartbeat]:
    """Return the workers that showed a sign of life within the last minute."""
    return list(WorkerHeartbeat.objects.filter(seen_at__gte=clock.now() - WORKER_PATIENCE).order_by("started_at"))


def disk() -> Disk:
    """Return the room left for data."""
    usage = shutil.disk_usage(settings.HOME)
    return Disk(str(settings.HOME), usage.free, usage.total)


def seal_states() -> list[SealState]:
    """Return how far the chains of the municipality in scope are."""
    heads = {head.stream: head for head in SealHead.objects.all()}
    return [_seal_state(stream, heads.get(stream)) for stream in Stream]


def _seal_state(stream: Stream, head: SealHead | None) -> SealState:
    waiting = pending_rows(stream, head or SealHead(stream=stream), limit=1)
    since = None
    if waiting:
        since = model_of(stream).objects.filter(pk=waiting[0][0]).values_list("at", flat=True).first()
    return SealState(stream, head.number if head else 0, since)


def last_verification() -> Event | None:
    """Return the event of the last check of the chains."""
    return Event.objects.filter(key=events.CHAIN_VERIFIED.key).order_by("-id").first()


def waiting_jobs() -> int:
    """Return how many jobs of the whole installation wait to begin."""
    return int(DBTaskResult.objects.filter(status=TaskResultStatus.READY).count())
