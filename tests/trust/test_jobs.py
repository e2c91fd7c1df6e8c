from __future__ import annotations

import contextvars
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from madoguchi.kit import clock
from madoguchi.kit.registry import DuplicateKeyError
from madoguchi.trust import services
from madoguchi.trust.api import Unit, acting_for, current_municipality, enqueue
from madoguchi.trust.models import Event, JobSchedule, WorkerHeartbeat
from madoguchi.trust.registry import job_types
from madoguchi.trust.services.caretaker import beat

from .people import make_unit

# The worker drops a connection it finds inside a transaction, as a test without transactions of its own would be.
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=connection.vendor == "postgresql")]

seen: list[object] = []


def _register(function, **options):
    """Make a function of this module a job, as a room's tasks module does when it is imported."""
    function.__module__ = "madoguchi.trust.tasks"
    return services.job(**options)(function)


def add_unit_in_scope(*, name: str) -> str:
    make_unit(name)
    seen.append(current_municipality().key)
    return name


def fail_twice(*, times: int) -> int:
    seen.append(times)
    if len(seen) <= times:
        raise RuntimeError("まだです")
    return len(seen)


def outside_every_scope() -> bool:
    seen.append(current_municipality())
    return True


@pytest.fixture(autouse=True)
def known_jobs(monkeypatch):
    from madoguchi.trust import tasks

    seen.clear()
    before = dict(job_types._items)
    for function, options in (
        (add_unit_in_scope, {"label": "組織を足す"}),
        (fail_twice, {"label": "二度失敗する", "attempts": 3, "backoff": timedelta(seconds=10)}),
        (outside_every_scope, {"label": "全体の仕事", "is_per_municipality": False}),
    ):
        monkeypatch.setattr(tasks, function.__name__, _register(function, **options), raising=False)
    yield
    job_types._items = before


def work(**options) -> None:
    call_command("db_worker", batch=True, verbosity=0, startup_delay=False, **options)


def jobs(status: TaskResultStatus) -> list[DBTaskResult]:
    return list(DBTaskResult.objects.filter(status=status).order_by("enqueued_at"))


def test_a_job_runs_in_the_scope_it_was_queued_in(odawara, oyama):
    with acting_for(oyama):
        enqueue("trust.tasks.add_unit_in_scope", name="小山の課")
    enqueue("trust.tasks.add_unit_in_scope", name="小田原の課")
    work()
    assert sorted(seen) == ["odawara", "oyama"]
    assert [unit.name for unit in Unit.objects.all()] == ["小田原の課"]
    with acting_for(oyama):
        assert [unit.name for unit in Unit.objects.all()] == ["小山の課"]


def test_a_job_is_queued_with_the_change_or_not_at_all(odawara):
    with transaction.atomic():
        make_unit("消える課")
        enqueue("trust.tasks.add_unit_in_scope", name="x")
        transaction.set_rollback(True)
    assert not DBTaskResult.objects.exists()
    assert not Unit.objects.exists()


def test_a_failed_job_is_tried_again_later_and_each_failure_stays_visible(odawara):
    enqueue("trust.tasks.fail_twice", times=2)
    work()
    failed, waiting = jobs(TaskResultStatus.FAILED), jobs(TaskResultStatus.READY)
    assert [job.exception_class_path for job in failed] == ["builtins.RuntimeError"]
    assert "まだです" in failed[0].traceback
    assert [job.args_kwargs["kwargs"]["attempt"] for job in waiting] == [2]
    assert waiting[0].run_after - clock.now() > timedelta(seconds=5)
    event = Event.objects.get(key="trust.job.failed")
    assert event.data == {"job": "trust.tasks.fail_twice", "attempt": 1, "final": False, "error": "RuntimeError"}


def test_a_job_waits_four_times_as_long_each_time_and_gives_up_in_the_end(odawara):
    enqueue("trust.tasks.fail_twice", times=99)
    waits = []
    for _ in range(3):
        DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=clock.now())
        work()
        waits += [round((job.run_after - clock.now()).total_seconds(), -1) for job in jobs(TaskResultStatus.READY)]
    assert waits == [10, 40]
    assert len(jobs(TaskResultStatus.FAILED)) == 3
    assert [event.data["final"] for event in Event.objects.filter(key="trust.job.failed")] == [False, False, True]


def test_a_job_that_succeeds_at_last_ends_the_trying(odawara):
    enqueue("trust.tasks.fail_twice", times=1)
    work()
    DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=clock.now())
    work()
    assert [job.return_value for job in jobs(TaskResultStatus.SUCCESSFUL)] == [2]
    assert not jobs(TaskResultStatus.READY)


def test_a_failed_job_can_be_done_again_by_hand(odawara):
    enqueue("trust.tasks.fail_twice", times=99)
    work()
    DBTaskResult.objects.filter(status=TaskResultStatus.READY).delete()
    (failed,) = jobs(TaskResultStatus.FAILED)
    services.retry_job(queued=failed)
    (again,) = jobs(TaskResultStatus.READY)
    assert again.args_kwargs["kwargs"] == {"municipality_id": odawara.pk, "times": 99}
    assert Event.objects.filter(key="trust.job.retried").count() == 1


def test_only_a_failed_job_can_be_done_again(odawara):
    enqueue("trust.tasks.fail_twice", times=0)
    (waiting,) = jobs(TaskResultStatus.READY)
    with pytest.raises(ValueError, match="失敗したジョブ"):
        services.retry_job(queued=waiting)
    assert DBTaskResult.objects.count() == 1


def test_the_same_job_is_queued_once_while_it_waits(odawara, oyama):
    assert services.enqueue_once("trust.tasks.add_unit_in_scope", name="a") is not None
    assert services.enqueue_once("trust.tasks.add_unit_in_scope", name="a") is None
    assert services.enqueue_once("trust.tasks.add_unit_in_scope", name="b") is not None
    with acting_for(oyama):
        assert services.enqueue_once("trust.tasks.add_unit_in_scope", name="a") is not None
    assert DBTaskResult.objects.count() == 3


def test_periodic_jobs_are_queued_when_due_for_each_city(odawara, oyama):
    services.queue_due_jobs()
    rolled = DBTaskResult.objects.filter(task_path="madoguchi.trust.tasks.roll_up_meters")
    assert {job.args_kwargs["kwargs"]["municipality_id"] for job in rolled} == {odawara.pk, oyama.pk}
    pruned = DBTaskResult.objects.get(task_path="madoguchi.trust.tasks.prune_jobs")
    assert "municipality_id" not in pruned.args_kwargs["kwargs"]
    assert services.queue_due_jobs() == 0
    rolled.delete()
    JobSchedule.objects.update(queued_at=clock.now() - timedelta(minutes=6))
    services.queue_due_jobs()
    assert rolled.count() == 2


def test_a_periodic_job_that_still_waits_is_not_queued_twice(odawara):
    services.queue_due_jobs()
    JobSchedule.objects.update(queued_at=clock.now() - timedelta(days=2))
    assert services.queue_due_jobs() == 0


def test_periodic_jobs_of_the_house_run(odawara):
    services.queue_due_jobs()
    work()
    assert not jobs(TaskResultStatus.FAILED)
    assert {job.task_path.rpartition(".")[2] for job in jobs(TaskResultStatus.SUCCESSFUL)} >= {
        "roll_up_meters",
        "sweep_files",
        "verify_chains",
        "prune_jobs",
    }


def running_job(worker: str, *, claims: int = 1, minutes: int = 2) -> DBTaskResult:
    enqueue("trust.tasks.add_unit_in_scope", name="失われた課")
    queued = DBTaskResult.objects.latest("enqueued_at")
    queued.worker_ids = [worker] * claims
    queued.status = TaskResultStatus.RUNNING
    queued.started_at = clock.now() - timedelta(minutes=minutes)
    queued.save()
    return queued


def test_a_job_whose_worker_died_goes_back_into_the_queue_and_is_done(odawara):
    running_job("dead")
    assert services.recover_lost_jobs() == 1
    work()
    assert [unit.name for unit in Unit.objects.all()] == ["失われた課"]


def test_a_job_whose_worker_lives_is_left_alone(odawara):
    beat(worker="alive")
    queued = running_job("alive")
    assert services.recover_lost_jobs() == 0
    queued.refresh_from_db()
    assert queued.status == TaskResultStatus.RUNNING


def test_a_job_that_loses_its_worker_three_times_is_given_up(odawara):
    queued = running_job("dead", claims=3)
    services.recover_lost_jobs()
    queued.refresh_from_db()
    assert queued.status == TaskResultStatus.FAILED
    assert "ワーカー" in queued.traceback


def test_a_sign_of_life_is_renewed_and_taken_back(odawara):
    beat(worker="w")
    first = WorkerHeartbeat.objects.get()
    with clock.frozen(clock.now() + timedelta(seconds=9)):
        beat(worker="w")
    second = WorkerHeartbeat.objects.get()
    assert (second.started_at, second.seen_at > first.seen_at) == (first.started_at, True)
    services.leave(worker="w")
    assert not WorkerHeartbeat.objects.exists()


def test_jobs_that_ended_long_ago_are_forgotten(odawara):
    enqueue("trust.tasks.add_unit_in_scope", name="a")
    work()
    assert services.prune_jobs() == 0
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert services.prune_jobs() == 1


def test_two_jobs_of_one_name_are_refused():
    with pytest.raises(DuplicateKeyError):
        _register(add_unit_in_scope, label="もう一度")


def test_a_job_of_the_installation_runs_outside_every_scope(odawara):
    enqueue("trust.tasks.outside_every_scope")
    contextvars.Context().run(work)
    assert seen == [None]
