"""The house's default flow: review, correction, payment, approval, issue, and what time and failures do to it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from madoguchi.cases.api import (
    CasesError,
    StaleError,
    case_of,
    close_case,
    complete_applicant_tasks,
    complete_task,
    deliver_message,
    due_timers,
    open_case,
    open_tasks,
    retry_case,
)
from madoguchi.cases.enums import Audience, CaseStatus, TaskStatus
from madoguchi.cases.models import Case, Task
from madoguchi.kit import clock
from madoguchi.trust.errors import RefusedError
from madoguchi.trust.models import Event
from tests.trust.people import event_keys, events_of

from .conftest import NOW
from .services import Recorder

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def begin(people: SimpleNamespace, **variables: Any) -> Case:
    values = {"payment": "none", "fee": 0, "needs_approval": False, **variables}
    return open_case(
        kind="tests.subject",
        subject_id=7,
        title="住民票の写し",
        person="緑山 健一",
        unit=people.residents,
        variables=values,
    )


def only_task(case: Case) -> Task:
    (task,) = open_tasks(case)
    return task


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_a_case_without_payment_is_reviewed_and_issued(people: SimpleNamespace, recorder: Recorder) -> None:
    case = begin(people)
    task = only_task(case)
    assert (case.status, case.step, task.audience) == (CaseStatus.WORKING, "受付審査", Audience.STAFF)

    case = complete_task(task=task, outcome="accept", actor=people.staff)

    assert (case.status, case.outcome, open_tasks(case)) == (CaseStatus.CLOSED, "completed", [])
    assert recorder.keys == ["procedures.issue", "procedures.notify"]
    assert event_keys()[-4:] == ["cases.case.opened", "cases.task.opened", "cases.task.completed", "cases.case.closed"]


def test_payment_beforehand_keeps_the_case_from_staff_until_the_money_is_there(
    people: SimpleNamespace, recorder: Recorder
) -> None:
    case = begin(people, payment="before", fee=300)
    assert (case.status, open_tasks(case)) == (CaseStatus.WAITING_EVENT, [])

    case = deliver_message(case=case, name="payment.received")

    assert (case.status, only_task(case).element) == (CaseStatus.WORKING, "review")
    assert recorder.calls == [("procedures.request_payment", {"when": "before"})]


def test_a_payment_that_expires_ends_the_case(people: SimpleNamespace, recorder: Recorder) -> None:
    case = begin(people, payment="before", fee=300)

    case = deliver_message(case=case, name="payment.expired")

    assert (case.status, case.outcome) == (CaseStatus.CLOSED, "expired")
    assert recorder.calls[-1] == ("procedures.notify", {"kind": "payment_expired"})


def test_money_that_comes_while_it_is_asked_for_is_not_lost(people: SimpleNamespace, recorder: Recorder) -> None:
    recorder.actions["procedures.request_payment"] = lambda case: deliver_message(case=case, name="payment.received")

    case = begin(people, payment="before", fee=300)

    assert only_task(case).element == "review"


def test_money_that_comes_before_it_is_asked_for_is_kept(people: SimpleNamespace) -> None:
    case = begin(people, payment="after", fee=300)
    deliver_message(case=case, name="payment.received")

    case = complete_task(task=only_task(case), outcome="accept", actor=people.staff)

    assert (case.status, case.outcome) == (CaseStatus.CLOSED, "completed")


def test_a_message_nobody_of_the_flow_knows_changes_nothing(people: SimpleNamespace) -> None:
    case = begin(people)
    case = deliver_message(case=case, name="weather.changed")
    assert only_task(case).element == "review"
    assert events_of("cases.message.delivered")[0].data == {"message": "weather.changed", "taken": False}


def test_a_correction_goes_to_the_applicant_and_comes_back(people: SimpleNamespace) -> None:
    case = begin(people)
    case = complete_task(task=only_task(case), outcome="correct", actor=people.staff)
    correction = only_task(case)
    assert (case.status, correction.audience) == (CaseStatus.WAITING_APPLICANT, Audience.APPLICANT)
    assert correction.due_on == clock.today() + timedelta(days=14)

    case = complete_applicant_tasks(case=case, variables={"answered": True})

    assert (case.status, only_task(case).element) == (CaseStatus.WORKING, "review")


def test_a_correction_nobody_answers_comes_back_when_the_last_day_is_over(people: SimpleNamespace) -> None:
    case = begin(people)
    case = complete_task(task=only_task(case), outcome="correct", actor=people.staff)
    midnight = clock.local(NOW).replace(hour=0, minute=0) + timedelta(days=15)
    assert case.next_timer_at is not None
    assert clock.local(case.next_timer_at) == midnight
    with clock.frozen(midnight - timedelta(minutes=1)):
        assert due_timers() == 0
    with clock.frozen(midnight + timedelta(minutes=1)):
        assert due_timers() == 1
        assert due_timers() == 0
    case = fresh(case)
    assert (case.status, only_task(case).element, case.next_timer_at) == (CaseStatus.WORKING, "review", None)


def test_whoever_reviewed_a_case_cannot_approve_it(people: SimpleNamespace, recorder: Recorder) -> None:
    case = begin(people, needs_approval=True)
    case = complete_task(task=only_task(case), outcome="accept", actor=people.chief)
    approval = only_task(case)

    with pytest.raises(RefusedError, match="審査をした本人は決裁できません"):
        complete_task(task=approval, outcome="approve", actor=people.chief)
    with pytest.raises(RefusedError):
        complete_task(task=approval, outcome="approve", actor=people.colleague)

    assert (only_task(case).pk, recorder.calls) == (approval.pk, [])


def test_an_approver_returns_a_case_with_a_reason_only(people: SimpleNamespace) -> None:
    case = begin(people, needs_approval=True)
    case = complete_task(task=only_task(case), outcome="accept", actor=people.staff)
    with pytest.raises(CasesError, match="理由を書いてください"):
        complete_task(task=only_task(case), outcome="return", actor=people.chief)
    assert only_task(case).element == "approve"

    case = complete_task(task=only_task(case), outcome="return", actor=people.chief, note="住所の確認が足りない")

    assert only_task(case).element == "review"


def test_a_rejection_is_told_and_nothing_is_issued(people: SimpleNamespace, recorder: Recorder) -> None:
    case = begin(people, payment="after", fee=300)
    case = complete_task(task=only_task(case), outcome="reject", actor=people.staff, note="要件を満たさない")
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, "rejected")
    assert recorder.keys == ["procedures.reject", "procedures.notify"]


def test_a_service_that_fails_leaves_the_case_standing_until_it_is_tried_again(
    people: SimpleNamespace, recorder: Recorder
) -> None:
    case = begin(people)
    recorder.fails["procedures.issue"] = RuntimeError("様式がありません")

    case = complete_task(task=only_task(case), outcome="accept", actor=people.staff)

    assert (case.status, case.problem) == (CaseStatus.STUCK, "交付物の作成: 様式がありません")
    assert Task.objects.get(case=case, element="review").status == TaskStatus.DONE
    assert events_of("cases.case.stuck")[0].data == {"elements": ["issue"]}
    recorder.fails.clear()
    case = retry_case(case=case, actor=people.staff)
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, "completed")
    assert recorder.keys == ["procedures.issue", "procedures.issue", "procedures.notify"]


def test_what_a_failing_service_wrote_is_undone(people: SimpleNamespace, recorder: Recorder) -> None:
    case = begin(people)

    def write(case: Case) -> None:
        case.notes.create(municipality=case.municipality, author=None, text="書きかけ", at=clock.now())

    recorder.actions["procedures.issue"] = write
    recorder.fails["procedures.issue"] = RuntimeError("だめ")
    complete_task(task=only_task(case), outcome="accept", actor=people.staff)
    assert case.notes.count() == 0


def test_the_second_of_two_people_is_told_who_was_faster(people: SimpleNamespace) -> None:
    case = begin(people, payment="after", fee=300)
    task = only_task(case)
    complete_task(task=task, outcome="accept", actor=people.staff)
    before = Event.objects.count()
    with pytest.raises(StaleError, match="tantoの氏名さんが「受理する」"):
        complete_task(task=task, outcome="reject", actor=people.colleague, note="だめ")
    assert (Task.objects.get(pk=task.pk).outcome, Event.objects.count()) == ("accept", before)


def test_staff_of_another_section_cannot_complete_a_task(people: SimpleNamespace) -> None:
    case = begin(people)
    with pytest.raises(RefusedError):
        complete_task(task=only_task(case), outcome="accept", actor=people.stranger)
    assert only_task(case).status == TaskStatus.READY


def test_an_outcome_the_task_does_not_have_is_refused(people: SimpleNamespace) -> None:
    case = begin(people)
    with pytest.raises(CasesError, match="受理する、補正を求める、却下する"):
        complete_task(task=only_task(case), outcome="__import__", actor=people.staff)
    assert only_task(case).status == TaskStatus.READY


def test_closing_by_hand_withdraws_what_is_open(people: SimpleNamespace) -> None:
    case = begin(people)
    case = close_case(case=case, outcome="withdrawn", reason="取り下げ", actor=people.staff)
    assert (case.status, case.outcome, open_tasks(case)) == (CaseStatus.CLOSED, "withdrawn", [])
    assert Task.objects.get(case=case).status == TaskStatus.CANCELLED
    assert deliver_message(case=case, name="payment.received").status == CaseStatus.CLOSED


def test_opening_twice_for_one_subject_gives_the_same_case(people: SimpleNamespace) -> None:
    first = begin(people)
    assert begin(people).pk == first.pk
    found = case_of(kind="tests.subject", subject_id=7)
    assert found is not None
    assert found.pk == first.pk


def test_thirty_rounds_of_corrections_do_not_make_the_state_grow(people: SimpleNamespace) -> None:
    case = begin(people)
    sizes = []
    for _ in range(30):
        case = complete_task(task=only_task(case), outcome="correct", actor=people.staff)
        case = complete_applicant_tasks(case=case)
        sizes.append(len(bytes(case.state or b"")))
    assert sizes[-1] < sizes[1] * 1.2
