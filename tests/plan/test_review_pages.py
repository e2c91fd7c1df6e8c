"""The pages of the review cycle: what each role sees, what a refusal looks like, what a form does."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from madoguchi.kit import clock
from madoguchi.plan.models import (
    ChangeRecord,
    Evaluation,
    ImprovementOrder,
    PortfolioMove,
    Project,
    ReviewRound,
    ScoringRule,
)
from madoguchi.plan.rules.revision import ProjectRevision
from madoguchi.plan.rules.scoring import INDICATOR
from madoguchi.plan.rules.scoring_examples import format_inputs
from madoguchi.plan.rules.scoring_tables import cells, read_rule, tables
from madoguchi.plan.selectors.scoring import draft_of
from madoguchi.plan.services import reviews
from madoguchi.plan.services.revisions import revise_project
from madoguchi.plan.services.scoring import draft_digest
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Event, acting_for

from .factories import make_city, make_plan
from .reviewing import Cycle, enter_actual, make_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cycle(settings) -> Iterator[Cycle]:
    settings.SECOND_FACTOR_REQUIRED = False
    host_table.clear()
    city = make_city()
    plan = make_plan(city)
    with acting_for(city):
        yield make_cycle(plan)
    host_table.clear()


def as_(account: Account) -> Client:
    client = Client(headers={"host": "minato.localhost"})
    client.force_login(account)
    return client


def read(response: HttpResponse) -> str:
    """Return a page as people read it: headings carry places to break, values are escaped."""
    return html.unescape(response.content.decode().replace("<wbr>", ""))


def page(client: Client, name: str, *args: object, expect: int = 200, **query: str) -> str:
    response = client.get(reverse(f"steering:{name}", args=args), query)
    assert response.status_code == expect, response.content.decode()[:400]
    return read(response)


def ordered(cycle: Cycle) -> ImprovementOrder:
    cycle.to_council()
    two = cycle.decide("2", "△")
    return reviews.order_improvement(
        evaluation=two,
        text="調達の計画を見直すこと。",
        due_date=clock.today() + timedelta(days=14),
        version=two.version,
        actor=cycle.council,
    )


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


def test_a_rule_is_tried_with_own_inputs(cycle):
    client = as_(cycle.chief)
    text = page(client, "rule", "ino", **{"try": INDICATOR, "目標との差": "-5", "進捗率": "50"})
    assert "結果は △ です" in text
    assert "3行目が当てはまりました" in text
    assert "数を入力してください" in page(client, "rule", "ino", **{"try": INDICATOR, "目標との差": "たくさん"})
    assert page(client, "rule", "nothing", expect=404)


def edit_data(**changes: str) -> dict[str, str]:
    rule, draft = ScoringRule.objects.filter(key="ino", version__gt=0).first(), draft_of("ino")
    data = {"seen": draft_digest(draft)}
    for number, (_name, table) in enumerate(tables(read_rule((draft or rule).xml))):
        for row, item in enumerate(table.rules):
            data |= {f"cell-{number}-{row}-{column}": text for column, text in enumerate(cells(item, table))}
    for number, item in enumerate((draft or rule).examples):
        data |= {
            f"example-{number}-decision": item["decision"],
            f"example-{number}-note": item["note"],
            f"example-{number}-inputs": format_inputs(item["inputs"]),
            f"example-{number}-expected": item["expected"],
        }
    return data | changes


def test_cells_are_changed_in_the_browser_tested_and_published(cycle):
    client = as_(cycle.secretariat)
    address = reverse("steering:rule_edit", args=["ino"])
    publish = reverse("steering:rule_publish", args=["ino"])
    assert client.post(address, edit_data(**{"cell-0-0-0": "[1.."})).status_code == 302
    text = page(client, "rule_edit", "ino")
    assert "「指標の評価」の表の1行目の1列目" in text
    assert "disabled" in text
    refused = client.post(publish, {"seen": draft_digest(draft_of("ino"))}, follow=True)
    assert "1行目の1列目" in read(refused)
    assert client.post(address, edit_data(**{"cell-0-0-0": "> 5", "cell-0-1-0": "[0..5]"})).status_code == 302
    assert "10 / 10" in page(client, "rule_edit", "ino")
    stale = client.post(address, edit_data(seen="0" * 64))
    assert stale.status_code == 409
    mistyped = client.post(address, edit_data(**{"example-0-inputs": "売上=3"}))
    assert mistyped.status_code == 422
    assert "売上" in read(mistyped)
    assert client.post(publish, {"seen": draft_digest(draft_of("ino"))}).status_code == 302
    assert "[0..5]" in page(client, "rule_compare", "ino")
    assert page(client, "rule", "ino", version="1")
    assert as_(cycle.chief).get(address).status_code == 403


def test_a_draft_is_thrown_away(cycle):
    client = as_(cycle.secretariat)
    client.post(reverse("steering:rule_edit", args=["ino"]), edit_data(**{"cell-0-0-3": "別の説明"}))
    assert draft_of("ino") is not None
    client.post(reverse("steering:rule_publish", args=["ino"]), {"discard": "1"})
    assert draft_of("ino") is None


def test_a_project_is_moved_on_the_map_and_back(cycle):
    project = Project.objects.get(code="2")
    client = as_(cycle.secretariat)
    address = reverse("steering:portfolio_move", args=[cycle.plan.code, project.pk])
    data = {"version": "1", "to_class": "A", "feasibility": "4", "new_value": "5", "reason": "条件が整ったため"}
    assert client.post(address, data | {"feasibility": ""}).status_code == 422
    assert client.post(address, data).status_code == 302
    assert "CからAへ（実現性4、新たな価値5）" in page(client, "portfolio_move", cycle.plan.code, project.pk)
    stale = client.post(address, data | {"to_class": "B"})
    assert stale.status_code == 409
    move = PortfolioMove.objects.get()
    undo = reverse("steering:portfolio_undo", args=[cycle.plan.code, move.pk])
    assert client.post(undo, {"version": "2", "reason": "", "status": ""}).status_code == 422
    assert client.post(undo, {"version": "2", "reason": "位置がなかったため"}).status_code == 422
    client.post(address, data | {"version": "2", "to_class": "B"})
    newest = PortfolioMove.objects.first()
    undo = reverse("steering:portfolio_undo", args=[cycle.plan.code, newest.pk])
    assert client.post(undo, {"version": "3", "reason": "誤り"}).status_code == 302
    assert Project.objects.get(code="2").portfolio_class == "A"
    assert as_(cycle.chief).get(address).status_code == 403


def test_a_project_is_revised_from_its_form(cycle):
    project = Project.objects.get(code="1")
    client = as_(cycle.chief)
    address = reverse("steering:project_revise", args=[project.pk])
    text = read(client.get(address))
    assert 'name="sections"' not in text
    indicator = project.indicators.get()
    action = project.actions.get()
    data = {
        "version": "1", "title": project.title, "reason": "実績が伸びたため", "discontinued_from": "",
        f"target-{indicator.pk}-2024": "1,500件", f"target-{indicator.pk}-2025": "2,600件",
        f"target-{indicator.pk}-2026": "3,000件", f"retire-{indicator.pk}": "",
        f"word-{action.pk}-2024": "導入", f"word-{action.pk}-2025": "拡大", f"word-{action.pk}-2026": "拡大",
        "new_label": "", "new_type": "count", "new_kind": "annual", "new_direction": "up",
    }  # fmt: skip
    assert client.post(address, data | {"reason": ""}).status_code == 422
    wrong = client.post(address, data | {f"target-{indicator.pk}-2025": "2,600人"})
    assert wrong.status_code == 422
    assert "単位が「人」" in read(wrong)
    assert client.post(address, data).status_code == 302
    (row,) = ChangeRecord.objects.filter(subject_type="indicator")
    assert (row.field, row.after) == ("target:2025", "2,600件")
    assert client.post(address, data).status_code == 409
    text = page(client, "project_history", project.pk)
    assert "令和7年度の目標値" in text
    restore = reverse("steering:restore_change", args=[row.pk])
    assert "2,000件" in read(client.get(restore))
    assert client.post(restore, {"version": "2", "reason": "戻すため"}).status_code == 302
    assert project.indicators.get().targets.get(fiscal_year=2025).value == 2000
    assert as_(cycle.council).get(address).status_code == 403


def test_a_new_indicator_is_added_from_the_form(cycle):
    project = Project.objects.get(code="2")
    client = as_(cycle.secretariat)
    indicator = project.indicators.get()
    data = {
        "version": "1", "title": project.title, "reason": "成果を測るため", "sections": "市民課", "discontinued_from": "",
        f"target-{indicator.pk}-2026": "10分", f"retire-{indicator.pk}": "", "new_label": "満足度", "new_unit": "%",
        "new_type": "ratio", "new_kind": "stock", "new_direction": "up", "new_target-2025": "70%", "new_target-2026": "80%",
    }  # fmt: skip
    response = client.post(reverse("steering:project_revise", args=[project.pk]), data)
    assert response.status_code == 302, read(response)
    assert [item.label for item in project.indicators.all()] == ["平均の待ち時間", "満足度"]


def test_a_frozen_year_has_no_fields(cycle):
    cycle.to_closed()
    project = Project.objects.get(code="1")
    text = page(as_(cycle.chief), "project_revise", project.pk)
    assert "評価が確定した年度は変更できません" in text
    assert f'name="target-{project.indicators.get().pk}-2024"' not in text


def test_the_history_is_filtered_and_travels_as_csv(cycle):
    cycle.submit("1", "△", "遅れています。")
    client = as_(cycle.council)
    assert "変更はまだありません" in page(client, "plan_history", cycle.plan.code)
    assert "遅れています。" in page(client, "plan_history", cycle.plan.code, kind="all")
    body = page(client, "plan_history", cycle.plan.code, kind="evaluation", format="csv")
    (row,) = csv.DictReader(io.StringIO(body.removeprefix("\ufeff")))
    assert (row["対象"], row["項目"], row["理由"]) == ("電子申請の拡大", "自己評価", "遅れています。")


def test_the_pack_for_the_meeting_holds_every_project(cycle):
    cycle.to_council()
    text = page(as_(cycle.council), "pack", cycle.review.pk)
    assert text.count('class="pack__project') == 2
    assert "会議での意見・改善の指示" in text


def test_orders_are_listed_with_the_late_ones_marked(cycle):
    order = ordered(cycle)
    client = as_(cycle.chief)
    assert "対応待ち" in page(client, "orders")
    ImprovementOrder.objects.filter(pk=order.pk).update(due_date=date(2026, 1, 1))
    assert "期限を過ぎています" in page(client, "orders", mine="1")
    assert "改善指示はありません" in page(client, "orders", status="accepted")
