"""The pages around the review cycle: scoring rules, the portfolio map, re-planning, history, orders, the printed pack."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

import pytest
from django.urls import reverse

from madoguchi.plan.models import ChangeRecord, ImprovementOrder, PortfolioMove, Project, ScoringRule
from madoguchi.plan.rules.scoring import INDICATOR
from madoguchi.plan.rules.scoring_examples import format_inputs
from madoguchi.plan.rules.scoring_tables import cells, read_rule, tables
from madoguchi.plan.selectors.scoring import draft_of
from madoguchi.plan.services.scoring import draft_digest

from .review_pages import as_, ordered, page, read, reviewed_city
from .reviewing import Cycle

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cycle(settings) -> Iterator[Cycle]:
    with reviewed_city(settings) as found:
        yield found


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
