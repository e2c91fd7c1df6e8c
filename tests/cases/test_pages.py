"""The pages of staff: work list by duty, bulk actions with a way back, record, refusals, export, workflows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from madoguchi.cases.api import Case, complete_task, open_case, open_tasks
from madoguchi.cases.enums import CaseStatus, TaskStatus
from madoguchi.cases.models import Presence, SavedView, Task, Workflow
from madoguchi.cases.selectors.desks import units_seen_by
from madoguchi.cases.selectors.worklist import Question, count_cases, find_cases
from madoguchi.cases.services.versions import default_bpmn
from madoguchi.kit import clock
from madoguchi.kit.names import search_key
from madoguchi.site.middleware import host_table
from madoguchi.trust.enums import Role
from madoguchi.trust.models import AccessRecord, Account, Event
from tests.trust.people import make_staff, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def hall(city: Any, settings: Any) -> Iterator[None]:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.SECOND_FACTOR_REQUIRED = False
    host_table.clear()
    yield
    host_table.clear()


def browser_of(account: Account) -> Client:
    client = Client(headers={"host": "odawara.localhost"})
    client.force_login(account)
    return client


def make_case(people: SimpleNamespace, number: int = 1, *, unit: Any = None, days: int | None = 5, **more: Any) -> Case:
    person = more.pop("person", "渡邉 直樹")
    return open_case(
        kind="tests.subject",
        subject_id=number,
        title=f"住民票の写し{number}",
        person=person,
        search_key=search_key(person),
        unit=unit or people.residents,
        due_on=None if days is None else clock.today() + timedelta(days=days),
        variables={"payment": "none", "fee": 0, "needs_approval": more.pop("needs_approval", False)},
    )


def titles(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/work/{query}").content.decode()
    return [part.split("<")[0] for part in page.split('?pane=1">')[1:]]


def test_staff_sees_the_cases_of_the_own_section_in_the_order_of_their_due_dates(people: SimpleNamespace) -> None:
    for number, days in enumerate((9, None, -2), start=1):
        make_case(people, number, days=days)
    make_case(people, 4, unit=people.taxes)
    assert titles(browser_of(people.staff)) == ["住民票の写し3", "住民票の写し1", "住民票の写し2"]
    assert titles(browser_of(people.stranger)) == ["住民票の写し4"]


def test_a_duty_reaches_the_units_below_and_the_whole_city_all(people: SimpleNamespace) -> None:
    department = make_unit("市民部")
    team = make_unit("窓口係", parent=department)
    head = make_staff("bucho", Role.SECTION_CHIEF, unit=department)
    everywhere = make_staff("zencho", Role.SECTION_STAFF)
    assert units_seen_by(head) == {department.pk, team.pk}
    assert units_seen_by(everywhere) is None
    make_case(people, 1, unit=team)
    make_case(people, 2)
    assert titles(browser_of(head)) == ["住民票の写し1"]
    assert len(titles(browser_of(everywhere))) == 2


def test_who_has_no_duty_with_cases_is_refused(people: SimpleNamespace) -> None:
    make_case(people)
    answer = browser_of(make_staff("kaigi", Role.COUNCIL)).get("/work/")
    assert answer.status_code == 403
    assert "住民票の写し1" not in answer.content.decode()


def test_pages_by_cursor_show_every_case_once_and_lead_back(people: SimpleNamespace) -> None:
    for number in range(1, 8):
        make_case(people, number, days=number // 3)
    ask = {"account": people.staff, "units": units_seen_by(people.staff), "size": 3}
    first = find_cases(Question(), **ask)
    second = find_cases(Question(after=first.next_cursor), **ask)
    third = find_cases(Question(after=second.next_cursor), **ask)
    seen = [case.pk for page in (first, second, third) for case in page.cases]
    assert (len(seen), len(set(seen)), third.next_cursor) == (7, 7, "")
    back = find_cases(Question(before=second.previous_cursor), **ask)
    assert [case.pk for case in back.cases] == [case.pk for case in first.cases]


def test_several_sections_are_merged_in_order(people: SimpleNamespace) -> None:
    both = make_staff("kennin", Role.SECTION_STAFF, unit=people.residents)
    from madoguchi.trust.api import assign_duty

    assign_duty(account=both, role=Role.SECTION_STAFF, unit=people.taxes, from_date=clock.today())
    for number in range(1, 7):
        make_case(people, number, days=number, unit=people.taxes if number % 2 else people.residents)
    assert titles(browser_of(both)) == [f"住民票の写し{number}" for number in range(1, 7)]
    assert count_cases(Question(due="3"), account=both, units=units_seen_by(both)) == 3


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?who=me", ["住民票の写し2"]),
        ("?who=free", ["住民票の写し1", "住民票の写し3"]),
        ("?due=over", ["住民票の写し1"]),
        ("?due=3", ["住民票の写し1", "住民票の写し2"]),
        ("?due=none", ["住民票の写し3"]),
        ("?status=waiting_applicant", ["住民票の写し2"]),
        ("?q=渡辺", ["住民票の写し1", "住民票の写し2", "住民票の写し3"]),
        ("?q=月岡", []),
        (
            "?who=nonsense&due=zzz&status=x&desk=abc&after=2026-99-99.x",
            ["住民票の写し1", "住民票の写し2", "住民票の写し3"],
        ),
    ],
)
def test_the_filters_say_what_they_do(people: SimpleNamespace, query: str, expected: list[str]) -> None:
    make_case(people, 1, days=-1)
    second = make_case(people, 2, days=2)
    make_case(people, 3, days=None)
    Case.objects.filter(pk=second.pk).update(assignee=people.staff)
    complete_task(task=open_tasks(second)[0], outcome="correct", actor=people.staff)
    assert titles(browser_of(people.staff), query) == expected


def test_a_number_finds_its_case_however_it_is_typed(people: SimpleNamespace) -> None:
    case = make_case(people)
    typed = case.number.replace("-", "　").lower()
    assert titles(browser_of(people.staff), f"?q={typed}") == ["住民票の写し1"]
    assert AccessRecord.objects.filter(action="search", actor=people.staff).count() == 1
    assert titles(browser_of(people.stranger), f"?q={typed}") == []


def test_many_cases_are_taken_at_once_and_given_back(people: SimpleNamespace) -> None:
    cases = [make_case(people, number) for number in (1, 2)]
    foreign = make_case(people, 3, unit=people.taxes)
    client = browser_of(people.staff)
    rows = [case.pk for case in (*cases, foreign)]
    page = client.post("/work/bulk/", {"row": rows, "action": "take", "back": "who=unit"}, follow=True).content.decode()
    assert "2件を担当にしました" in page
    assert foreign.number in page
    assert list(Case.objects.order_by("pk").values_list("assignee", flat=True)) == [people.staff.pk] * 2 + [None]
    assert "2件を元に戻しました" in client.post("/work/undo/", follow=True).content.decode()
    assert Case.objects.filter(assignee__isnull=False).count() == 0
    assert Task.objects.filter(assignee__isnull=False).count() == 0


def test_a_transfer_needs_a_reason_and_is_undone_only_where_nothing_happened_since(people: SimpleNamespace) -> None:
    first, second = make_case(people, 1), make_case(people, 2)
    client = browser_of(people.staff)
    order = {"row": [first.pk, second.pk], "action": "transfer", "unit": people.taxes.pk}
    assert "移す理由" in client.post("/work/bulk/", order, follow=True).content.decode()
    assert Case.objects.filter(unit=people.residents).count() == 2
    client.post("/work/bulk/", order | {"reason": "課税の確認のため"})
    assert Case.objects.filter(unit=people.taxes, desk=people.taxes).count() == 2
    browser_of(people.stranger).post("/work/bulk/", {"row": [second.pk], "action": "take"})
    page = client.post("/work/undo/", follow=True).content.decode()
    assert "1件を元に戻しました" in page
    assert "1件は、そのあとに変わった" in page
    assert list(Case.objects.order_by("pk").values_list("unit__name", flat=True)) == ["市民課", "税務課"]


def test_a_record_is_shown_to_its_section_and_every_look_is_logged(people: SimpleNamespace) -> None:
    case = make_case(people)
    page = browser_of(people.staff).get(f"/work/{case.number}/").content.decode()
    assert "渡邉 直樹" in page
    assert "閲覧記録に残ります" in page
    assert AccessRecord.objects.filter(actor=people.staff, subject_id=str(case.pk)).count() == 1
    assert (
        "tantoの氏名さんも、いま見ています"
        in browser_of(people.colleague).get(f"/work/{case.number}/").content.decode()
    )
    before = AccessRecord.objects.count()
    assert browser_of(people.stranger).get(f"/work/{case.number}/").status_code == 403
    assert (AccessRecord.objects.count(), Presence.objects.filter(account=people.stranger).count()) == (before, 0)


def test_an_outcome_is_chosen_on_the_record_and_taken_back_within_a_minute(people: SimpleNamespace) -> None:
    case = make_case(people)
    task = open_tasks(case)[0]
    client = browser_of(people.staff)
    done = client.post(
        f"/work/{case.number}/complete/", {"task": task.pk, "outcome": "correct", "note": "印影が無い"}, follow=True
    )
    assert "「受付審査」を「補正を求める」で終えました" in done.content.decode()
    assert "1分のあいだ元に戻せます" in done.content.decode()
    client.post(f"/work/{case.number}/undo/")
    case = Case.objects.get(pk=case.pk)
    assert [(item.pk, item.status) for item in open_tasks(case)] == [(task.pk, TaskStatus.READY)]
    assert (case.status, case.step) == (CaseStatus.WORKING, "受付審査")
    complete_task(task=Task.objects.get(pk=task.pk), outcome="accept", actor=people.staff)
    assert Case.objects.get(pk=case.pk).status == CaseStatus.CLOSED


def test_what_was_issued_cannot_be_taken_back(people: SimpleNamespace) -> None:
    case = make_case(people)
    client = browser_of(people.staff)
    client.post(f"/work/{case.number}/complete/", {"task": open_tasks(case)[0].pk, "outcome": "accept"})
    answer = client.post(f"/work/{case.number}/undo/")
    assert answer.status_code == 422
    assert Case.objects.get(pk=case.pk).status == CaseStatus.CLOSED


def test_a_minute_later_a_decision_stands(people: SimpleNamespace) -> None:
    case = make_case(people)
    complete_task(task=open_tasks(case)[0], outcome="correct", actor=people.staff)
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert browser_of(people.staff).post(f"/work/{case.number}/undo/").status_code == 422
    assert Case.objects.get(pk=case.pk).status == CaseStatus.WAITING_APPLICANT


def test_a_missing_reason_is_said_above_and_what_was_typed_stays(people: SimpleNamespace) -> None:
    case = make_case(people)
    answer = browser_of(people.staff).post(
        f"/work/{case.number}/split/", {"title": "", "reason": "税額を確かめてください"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="error-summary"' in page
    assert "税額を確かめてください" in page
    assert Case.objects.count() == 1


def test_the_reviewer_reads_who_may_approve(people: SimpleNamespace) -> None:
    case = make_case(people, needs_approval=True)
    complete_task(task=open_tasks(case)[0], outcome="accept", actor=people.chief)
    second = make_staff("jicho", Role.SECTION_CHIEF, unit=people.residents)
    page = browser_of(people.chief).get(f"/work/{case.number}/").content.decode()
    assert "この案件を審査したあなたは、決裁できません" in page
    assert f"決裁できる人: {second.name}" in page
    assert "承認する" not in page


def test_a_part_is_split_off_and_goes_its_own_way(people: SimpleNamespace) -> None:
    case = make_case(people)
    client = browser_of(people.staff)
    client.post(
        f"/work/{case.number}/split/", {"title": "課税の確認", "unit": people.taxes.pk, "reason": "お願いします"}
    )
    part = Case.objects.get(parent=case)
    assert (part.unit, part.title, part.subject_id) == (people.taxes, "課税の確認", case.subject_id)
    complete_task(task=open_tasks(part)[0], outcome="done", actor=people.stranger)
    assert Case.objects.get(pk=part.pk).status == CaseStatus.CLOSED
    assert Case.objects.get(pk=case.pk).status == CaseStatus.WORKING


def test_a_due_date_is_changed_with_a_reason_and_the_list_follows(people: SimpleNamespace) -> None:
    first, _ = make_case(people, 1, days=1), make_case(people, 2, days=5)
    client = browser_of(people.staff)
    later = (clock.today() + timedelta(days=9)).isoformat()
    assert client.post(f"/work/{first.number}/reschedule/", {"due_on": later}).status_code == 422
    client.post(f"/work/{first.number}/reschedule/", {"due_on": later, "reason": "申請者の入院"})
    assert titles(client) == ["住民票の写し2", "住民票の写し1"]
    assert "申請者の入院" in client.get(f"/work/{first.number}/").content.decode()


def test_the_list_is_exported_without_formulas_and_that_is_written_down(people: SimpleNamespace) -> None:
    make_case(people, 1, person="=HYPERLINK(1)")
    content = browser_of(people.staff).get("/work/export.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in content
    assert AccessRecord.objects.get(action="export").actor == people.staff


def test_a_saved_view_is_ones_own_and_opens_first(people: SimpleNamespace) -> None:
    make_case(people, 1, days=9)
    make_case(people, 2, days=1)
    client = browser_of(people.staff)
    client.post("/work/views/", {"name": "急ぎ", "query": "who=unit&due=3", "default": "on"})
    assert titles(client) == ["住民票の写し2"]
    assert len(titles(browser_of(people.colleague))) == 2
    view = SavedView.objects.get()
    browser_of(people.colleague).post("/work/views/", {"forget": view.pk})
    assert SavedView.objects.count() == 1
    client.post("/work/views/", {"forget": view.pk})
    assert SavedView.objects.count() == 0


@pytest.fixture
def designer(people: SimpleNamespace) -> Client:
    return browser_of(make_staff("sekkei", Role.DESIGNER))


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def test_a_workflow_is_added_saved_published_and_new_cases_run_on_it(designer: Client, people: SimpleNamespace) -> None:
    designer.post("/work/workflows/new/", {"key": "kaigo", "name": "要介護認定"})
    changed = default_bpmn().replace('name="受付審査"', 'name="書類の確認"')
    assert post(designer, "/work/workflows/kaigo/save/", xml=changed, revision=0).json() == {"revision": 1}
    stale = post(designer, "/work/workflows/kaigo/save/", xml=default_bpmn(), revision=0)
    assert (stale.status_code, Workflow.objects.get().draft) == (409, changed)
    designer.post("/work/workflows/kaigo/publish/")
    case = open_case(
        kind="tests.subject", subject_id=1, title="認定", unit=people.residents, workflow_key="kaigo", variables={}
    )
    assert case.step == "書類の確認"
    assert "第1版" in designer.get("/work/workflows/kaigo/").content.decode()
    post(designer, "/work/workflows/kaigo/save/", xml=default_bpmn(), revision=1)
    page = designer.get("/work/workflows/kaigo/compare/").content.decode()
    assert "1個の要素が違います" in page


def test_a_draft_that_does_not_run_is_kept_but_not_published(designer: Client) -> None:
    designer.post("/work/workflows/new/", {"key": "kaigo", "name": "要介護認定"})
    broken = default_bpmn().replace("bpmn:userTask", "bpmn:scriptTask")
    assert post(designer, "/work/workflows/kaigo/save/", xml=broken, revision=0).status_code == 200
    page = designer.post("/work/workflows/kaigo/publish/", follow=True).content.decode()
    assert "スクリプトは実行しません" in page
    assert Workflow.objects.get().current is None


def test_staff_without_the_duty_cannot_change_workflows(designer: Client, people: SimpleNamespace) -> None:
    designer.post("/work/workflows/new/", {"key": "kaigo", "name": "要介護認定"})
    client = browser_of(people.staff)
    assert client.get("/work/workflows/kaigo/").status_code == 200
    assert client.get("/work/workflows/kaigo/edit/").status_code == 403
    assert post(client, "/work/workflows/kaigo/save/", xml=default_bpmn(), revision=0).status_code == 403
    assert client.post("/work/workflows/kaigo/publish/").status_code == 403
    assert Workflow.objects.get().revision == 0


def test_a_workflow_is_tried_without_a_case(designer: Client) -> None:
    given = {"payment": "after", "fee": 300, "needs_approval": True}
    choices: list[dict[str, Any]] = [
        {"element": "review", "outcome": "accept"},
        {"element": "approve", "outcome": "approve"},
    ]
    found = post(designer, "/work/workflows/simulate/", xml=default_bpmn(), variables=given, choices=choices).json()
    assert (found["messages"], found["finished"]) == (["payment.expired", "payment.received"], False)
    paid = [*choices, {"message": "payment.received"}]
    found = post(designer, "/work/workflows/simulate/", xml=default_bpmn(), variables=given, choices=paid).json()
    assert (found["finished"], found["result"]) == (True, "completed")
    late = [{"element": "review", "outcome": "correct"}, {"time": True}]
    found = post(designer, "/work/workflows/simulate/", xml=default_bpmn(), variables=given, choices=late).json()
    assert [task["element"] for task in found["tasks"]] == ["review"]
    assert (Case.objects.count(), Event.objects.filter(key__startswith="cases.").count()) == (0, 0)
    wrong = post(
        designer, "/work/workflows/simulate/", xml=default_bpmn(), choices=[{"element": "issue", "outcome": "x"}]
    )
    assert (wrong.status_code, "待っていません" in wrong.json()["problem"]) == (422, True)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"xml": 1}', b'{"xml": "<a/>", "choices": {}}', b"\xff"])
def test_nonsense_from_an_editor_is_refused(designer: Client, body: bytes) -> None:
    for name in ("check", "simulate"):
        answer = designer.post(f"/work/workflows/{name}/", body, content_type="application/json")
        assert answer.status_code == 422
        assert answer.json()["problem"]


def test_names_in_a_file_cannot_put_markup_into_a_page(designer: Client) -> None:
    evil = default_bpmn().replace('name="受付審査"', 'name="&lt;script&gt;alert(1)&lt;/script&gt;"')
    designer.post("/work/workflows/new/", {"key": "kaigo", "name": "要介護認定"})
    post(designer, "/work/workflows/kaigo/save/", xml=evil, revision=0)
    page = designer.get("/work/workflows/kaigo/").content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize("door", ["check", "simulate"])
def test_a_form_sent_where_the_editor_speaks_is_refused_without_a_fault(people: SimpleNamespace, door: str) -> None:
    designer = make_staff("sekkei", Role.DESIGNER)
    browser = browser_of(designer)
    answer = browser.post(f"/work/workflows/{door}/", {"xml": "<a/>"})
    assert answer.status_code == 422
    assert answer.json()["problem"] == "内容を読めません。"
    for odd in ("[" * 100_000, r'{"xml": "\ud800"}', r'{"xml": "<a/>", "variables": {"a": "\ud800"}}'):
        assert browser.post(f"/work/workflows/{door}/", odd, content_type="application/json").status_code == 422
