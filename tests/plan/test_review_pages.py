"""The pages of the review cycle: what each role sees, what a refusal looks like, what a form does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from madoguchi.plan.models import (
    Evaluation,
    ImprovementOrder,
    Project,
    ReviewRound,
    ScoringRule,
)
from madoguchi.plan.rules.revision import ProjectRevision
from madoguchi.plan.services.revisions import revise_project
from madoguchi.trust.api import Account, Event, acting_for

from .factories import make_city, make_plan
from .review_pages import as_, ordered, page, read, reviewed_city
from .reviewing import Cycle, enter_actual, make_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cycle(settings) -> Iterator[Cycle]:
    with reviewed_city(settings) as found:
        yield found


def addresses(cycle: Cycle) -> list[str]:
    order = ImprovementOrder.objects.get()
    project = Project.objects.get(code="1")
    pages = [
        ("reviews", []), ("review", [cycle.review.pk]), ("meeting", [cycle.review.pk]), ("pack", [cycle.review.pk]),
        ("evaluation", [cycle.evaluation().pk]), ("orders", []), ("order", [order.pk]), ("rules", []),
        ("rule", ["ino"]), ("rule_compare", ["ino"]), ("rule_file", ["ino"]), ("project_history", [project.pk]),
        ("plan_history", [cycle.plan.code]),
    ]  # fmt: skip
    return [reverse(f"steering:{name}", args=args) for name, args in pages]


@pytest.mark.parametrize("who", ["secretariat", "council", "chief", "stranger"])
def test_every_member_of_staff_with_a_duty_may_read(cycle, who):
    ordered(cycle)
    client = as_(getattr(cycle, who))
    assert {address: client.get(address).status_code for address in addresses(cycle)} == dict.fromkeys(
        addresses(cycle), 200
    )


def test_visitors_sign_in_and_residents_are_refused(cycle):
    ordered(cycle)
    resident = Account.objects.create_account(login="shimin", name="港 花子", password=None)
    for address in addresses(cycle):
        assert Client(headers={"host": "minato.localhost"}).get(address).status_code == 302
        assert as_(resident).get(address).status_code == 403


def test_another_city_does_not_find_what_is_not_its_own(cycle):
    ordered(cycle)
    asked = addresses(cycle)
    other = make_city("aoba")
    with acting_for(other):
        stranger = make_cycle(make_plan(other)).secretariat
        client = Client(headers={"host": "aoba.localhost"})
        client.force_login(stranger)
        assert [client.get(address).status_code for address in asked if any(char.isdigit() for char in address)][:4] == [
            404, 404, 404, 404
        ]  # fmt: skip


def test_the_list_says_what_is_missing_and_late(cycle):
    text = page(as_(cycle.secretariat), "reviews")
    assert "令和6年度（年間）" in text
    assert "2件が期限を過ぎて未提出" in text
    assert "評価を開始する" in text
    assert "評価を開始する" not in page(as_(cycle.chief), "reviews")


def test_the_dashboard_reminds_of_the_sections_that_have_not_submitted(cycle):
    cycle.submit("1")
    text = page(as_(cycle.secretariat), "review", cycle.review.pk)
    assert "まだ提出していない課" in text
    assert "職員 所属長" in text
    assert text.count("窓口の待ち時間を短くする") >= 2


def test_the_dashboard_filters_by_state_section_mark_and_person(cycle):
    cycle.submit("1", "△", "遅れています。")
    client = as_(cycle.stranger)

    def shown(**query: str) -> list[str]:
        found = page(client, "review", cycle.review.pk, **query)
        return [item.project.code for item in Evaluation.objects.all() if f"/evaluations/{item.pk}/" in found]

    assert shown() == ["1", "2"]
    assert shown(status="submitted") == ["1"]
    assert shown(status="waiting") == ["2"]
    assert shown(mark="△") == ["1"]
    assert shown(mine="1") == ["1"]
    assert shown(status="scored") == []
    assert shown(status="nonsense") == ["1", "2"]


@pytest.mark.parametrize(("name", "query"), [("review", {}), ("review", {"mine": "1"}), ("pack", {}), ("orders", {})])
def test_a_page_asks_no_more_questions_when_there_are_more_projects(cycle, name, query):
    client = as_(cycle.chief)
    args = [] if name == "orders" else [cycle.review.pk]

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, name, *args, **query)
        return len(queries)

    before = (asked(), asked())[1]
    first = Project.objects.get(code="1")
    for number in range(10):
        project = Project.objects.create(
            municipality=first.municipality, plan=first.plan, goal=first.goal, title=f"事業{number}", order=100 + number
        )
        Evaluation.objects.create(municipality=first.municipality, round=cycle.review, project=project)
    assert asked() <= before


def test_a_round_is_opened_from_its_form(cycle):
    client = as_(cycle.secretariat)
    address = reverse("steering:review_open", args=[cycle.plan.code])
    assert "selected" in page(client, "review_open", cycle.plan.code)
    rule = ScoringRule.objects.get(key="nagayo")
    data = {"fiscal_year": "2025", "period": "first_half", "self_evaluation_due": "2025-10-31", "rule": rule.pk}
    response = client.post(address, data)
    assert response.status_code == 302
    made = ReviewRound.objects.get(fiscal_year=2025)
    assert (made.period, made.scoring_rule) == ("first_half", rule)
    again = client.post(address, data)
    assert again.status_code == 422
    assert "すでに開始されています" in read(again)
    assert as_(cycle.chief).get(address).status_code == 403


def test_the_sheet_offers_the_one_step_the_present_user_can_take(cycle):
    pk = cycle.evaluation().pk
    assert "自己評価を提出する" in page(as_(cycle.chief), "evaluation", pk)
    text = page(as_(cycle.council), "evaluation", pk)
    assert "担当課の自己評価を待っています" in text
    assert 'name="step"' not in text
    cycle.to_secretariat()
    assert "この評価を記録する" in page(as_(cycle.secretariat), "evaluation", pk)
    assert 'name="step"' not in page(as_(cycle.chief), "evaluation", pk)


def post_step(client: Client, evaluation: Evaluation, step: str, **fields: object) -> object:
    data = {"step": step, **{f"{step}-{name}": value for name, value in fields.items()}}
    return client.post(reverse("steering:evaluation", args=[evaluation.pk]), data)


def test_a_self_evaluation_is_submitted_and_seen_in_the_conversation(cycle):
    one = cycle.evaluation()
    client = as_(cycle.chief)
    response = post_step(client, one, "submit", progress="△", reason="調達が\n遅れました。", version=one.version)
    assert response.status_code == 302
    text = page(client, "evaluation", one.pk)
    assert "自己評価 △" in text
    assert "調達が\n遅れました。" in text
    assert "自己評価を出し直す" in text


def test_a_missing_reason_is_asked_for_and_what_was_typed_stays(cycle):
    one = cycle.evaluation()
    response = post_step(as_(cycle.chief), one, "submit", progress="×", reason="", version=one.version)
    text = read(response)
    assert response.status_code == 422
    assert "進捗を×とするときは、理由を書いてください" in text
    assert "checked" in text
    assert cycle.evaluation().progress == ""


def test_the_second_editor_sees_both_versions_and_may_save_again(cycle):
    one = cycle.evaluation()
    cycle.submit("1", "△", "先の理由")
    client = as_(cycle.chief)
    response = post_step(client, one, "submit", progress="○", reason="後の理由", version=one.version)
    text = read(response)
    assert response.status_code == 409
    assert "先に保存された内容と、あなたの内容" in text
    assert "先の理由" in text
    assert "後の理由" in text
    assert f'name="submit-version" value="{cycle.evaluation().version}"' in text
    again = post_step(client, one, "submit", progress="○", reason="後の理由", version=cycle.evaluation().version)
    assert again.status_code == 302
    assert cycle.evaluation().reason == "後の理由"


@pytest.mark.parametrize(("who", "step"), [("stranger", "score"), ("secretariat", "decide"), ("council", "score")])
def test_a_step_without_the_duty_is_the_403_page_and_an_event(cycle, who, step):
    cycle.to_secretariat()
    one = cycle.evaluation()
    before = list(Evaluation.objects.values())
    for fields in ({"mark": "○", "comment": "", "version": one.version}, {"mark": "", "version": ""}):
        assert post_step(as_(getattr(cycle, who)), one, step, **fields).status_code == 403
    assert list(Evaluation.objects.values()) == before
    assert Event.objects.filter(key="trust.permission.refused").count() == 2


def test_a_frozen_evaluation_offers_nothing_and_refuses_what_is_sent(cycle):
    cycle.to_closed()
    one = cycle.evaluation()
    client = as_(cycle.chief)
    assert "この評価は確定しています" in page(client, "evaluation", one.pk)
    response = post_step(client, one, "submit", progress="△", reason="やはり", version=one.version)
    assert response.status_code == 409
    assert "確定しているため、変更できません" in read(response)


def test_stages_are_moved_from_a_page_that_asks_first(cycle):
    client = as_(cycle.secretariat)
    cycle.submit("1")
    address = reverse("steering:review_step", args=[cycle.review.pk, "advance"])
    assert "未提出を残して進む理由" in read(client.get(address))
    refused = client.post(address, {"status": "self_evaluation", "reason": ""})
    assert refused.status_code == 422
    assert "1件の事業が残っています" in read(refused)
    assert client.post(address, {"status": "self_evaluation", "reason": "災害対応中"}).status_code == 302
    stale = client.post(address, {"status": "self_evaluation", "reason": "もう一度"})
    assert stale.status_code == 409
    assert as_(cycle.council).get(address).status_code == 403
    assert client.get(reverse("steering:review_step", args=[cycle.review.pk, "close"])).status_code == 404


def test_many_projects_are_scored_at_once_and_undone(cycle):
    enter_actual(cycle.plan, "1", 1600)
    enter_actual(cycle.plan, "2", 20)
    cycle.to_secretariat()
    client = as_(cycle.secretariat)
    address = reverse("steering:review_bulk", args=[cycle.review.pk])
    rows = list(Evaluation.objects.all())
    data = {"step": "score", "row": [row.pk for row in rows], **{f"version-{row.pk}": row.version for row in rows}}
    assert client.post(address, data).status_code == 302
    assert {row.score for row in Evaluation.objects.all()} == {"○"}
    assert "まとめて記録した2件の評価を、元に戻せます" in page(client, "review", cycle.review.pk)
    assert client.post(address, {"step": "score", "undo": "1"}).status_code == 302
    assert {row.score for row in Evaluation.objects.all()} == {""}
    nothing = client.post(address, {"step": "score"}, follow=True)
    assert "事業を1件以上選んでください" in read(nothing)
    assert as_(cycle.chief).post(address, data).status_code == 403
    assert client.post(address, {"step": "everything"}).status_code == 404


def test_the_council_decides_in_the_meeting_and_goes_on(cycle):
    cycle.to_council()
    client = as_(cycle.council)
    one, two = cycle.evaluation("1"), cycle.evaluation("2")
    assert "2件中1件目" in page(client, "meeting", cycle.review.pk)
    address = reverse("steering:meeting", args=[cycle.review.pk])
    data = {"step": "decide", "at": one.pk, "decide-mark": "○", "decide-comment": "", "decide-version": one.version}
    assert client.post(address, data)["Location"].endswith(f"?at={two.pk}")
    data = {"step": "decide", "at": two.pk, "decide-mark": "△", "decide-comment": "", "decide-version": two.version}
    assert client.post(address, data)["Location"].endswith(f"?at={two.pk}")
    assert "改善を指示する" in page(client, "meeting", cycle.review.pk, at=str(two.pk))


def test_an_order_is_answered_sent_back_and_accepted_on_its_page(cycle):
    order = ordered(cycle)
    address = reverse("steering:order", args=[order.pk])
    chief, council = as_(cycle.chief), as_(cycle.council)
    assert "担当課の対応を待っています" in read(council.get(address))
    assert as_(cycle.stranger).post(address, {"status": "open", "answer": "横から"}).status_code == 403
    assert chief.post(address, {"status": "open", "answer": ""}).status_code == 422
    assert chief.post(address, {"status": "open", "answer": "見直しました。"}).status_code == 302
    assert chief.post(address, {"status": "open", "answer": "二度目"}).status_code == 409
    assert council.post(address, {"status": "answered", "comment": "", "send_back": "1"}).status_code == 422
    assert council.post(address, {"status": "answered", "comment": "日程を。", "send_back": "1"}).status_code == 302
    assert chief.post(address, {"status": "open", "answer": "9月までにします。"}).status_code == 302
    assert chief.post(address, {"status": "answered", "comment": "", "accept": "1"}).status_code == 403
    assert council.post(address, {"status": "answered", "comment": "", "accept": "1"}).status_code == 302
    order.refresh_from_db()
    assert order.status == "accepted"


def test_an_order_page_shows_the_changes_made_for_it(cycle):
    order = ordered(cycle)
    project = order.project
    revise_project(
        project=project,
        revision=ProjectRevision(title="待ち時間の半減"),
        reason="指示のため",
        version=project.version,
        actor=cycle.chief,
        order=order,
    )
    text = page(as_(cycle.council), "order", order.pk)
    assert "待ち時間の半減" in text
    assert "担当課の対応を待っています" in text


def test_the_closing_page_shows_the_digest_and_verifies_it(cycle):
    client = as_(cycle.council)
    assert client.get(reverse("steering:frozen", args=[cycle.review.pk])).status_code == 302
    digest = cycle.to_closed().digest
    text = page(client, "frozen", cycle.review.pk)
    assert digest in text
    assert "確定したときから変わっていません" in page(client, "frozen", cycle.review.pk, verify="1")
    Evaluation.objects.filter(project__code="1").update(decision="×")
    text = page(client, "frozen", cycle.review.pk, verify="1")
    assert "確定したときの内容と一致しません" in text
    assert "事業 1" in text
