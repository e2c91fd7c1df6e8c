"""What runs beside the job worker in its process: signs of life, periodic jobs, jobs of workers that died."""

from __future__ import annotations

import logging
import os
import socket
import threading
from importlib.metadata import version

from django.db import DatabaseError, close_old_connections

from madoguchi.kit import clock

from ..models import WorkerHeartbeat
from .jobs import queue_due_jobs, recover_lost_jobs

logger = logging.getLogger(__name__)

INTERVAL = 5.0


def beat(*, worker: str) -> None:
    """Write a sign of life."""
    now = clock.now()
    facts = {"host": socket.gethostname()[:253], "process": os.getpid(), "version": version("madoguchi")[:40]}
    WorkerHeartbeat.objects.update_or_create(
        worker=worker, defaults={"seen_at": now, **facts}, create_defaults={"seen_at": now, "started_at": now, **facts}
    )


def leave(*, worker: str) -> None:
    """Take the sign of life away when a worker ends in order."""
    WorkerHeartbeat.objects.filter(worker=worker).delete()


def run_caretaker(stop: threading.Event, *, worker: str, interval: float = INTERVAL) -> None:
    """
    Look after the queue until ``stop`` is set, every ``interval`` seconds.

    ``worker`` must be the id the job worker runs under (``db_worker --worker-id``): that is how a dead one is known.
    """
    while True:
        try:
            beat(worker=worker)
            recover_lost_jobs()
            queue_due_jobs()
        except DatabaseError:
            logger.exception("looking after the queue failed; trying again")
        close_old_connections()
        if stop.wait(interval):
            break
    try:
        leave(worker=worker)
    except DatabaseError:
        logger.exception("could not sign off")
