"""The review cycle: who may do what at which stage, and that a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from madoguchi.kit import clock
from madoguchi.plan.enums import EvaluationStatus, OrderStatus, RoundPeriod, RoundStatus
from madoguchi.plan.errors import PlanError, StageError, StaleError
from madoguchi.plan.models import ChangeRecord, Evaluation, Project, ScoringRule
from madoguchi.plan.rules.review_flow import EVALUATION_STEPS, PROGRESS_MARKS, ROUND_STEPS
from madoguchi.plan.selectors.history import SUBJECTS
from madoguchi.plan.selectors.review_words import WORDS
from madoguchi.plan.selectors.reviews import public_results, public_results_of_plan
from madoguchi.plan.services import reviews
from madoguchi.trust.api import Event, acting_for
from madoguchi.trust.errors import RefusedError

from .factories import make_city, make_plan
from .reviewing import DUE, Cycle, enter_actual, make_cycle, refused

pytestmark = [pytest.mark.django_db, pytest.mark.database]
REFUSED = "plan.evaluation.refused"


def test_every_word_of_an_enum_or_table_of_the_cycle_is_known_to_the_catalogues():
    words = {label for kind in (RoundStatus, EvaluationStatus, OrderStatus) for label in kind.labels}
    words |= {step.condition for step in ROUND_STEPS} | set(PROGRESS_MARKS.values()) | set(SUBJECTS.values())
    assert words <= WORDS


@pytest.fixture
def cycle() -> Iterator[Cycle]:
    city = make_city()
    plan = make_plan(city)
    with acting_for(city):
        yield make_cycle(plan)


def keys() -> list[str]:
    return [key for key in Event.objects.order_by("pk").values_list("key", flat=True) if key.startswith("plan.")]


def test_the_tables_of_the_flow_use_only_known_words():
    rounds, evaluations = set(RoundStatus.values), set(EvaluationStatus.values)
    assert {word for step in ROUND_STEPS for word in (step.start, step.end)} == rounds
    assert {step.stage for step in EVALUATION_STEPS} <= rounds
    assert {word for step in EVALUATION_STEPS for word in (*step.before, step.after)} == evaluations


def test_a_yearly_round_covers_every_project_and_a_half_yearly_one_the_priority_projects(cycle):
    assert cycle.review.evaluations.count() == 2
    half = reviews.open_round(
        plan=cycle.plan,
        fiscal_year=2025,
        period=RoundPeriod.FIRST_HALF,
        self_evaluation_due=date(2025, 10, 31),
        rule=ScoringRule.objects.get(key="sagamihara"),
        actor=cycle.secretariat,
    )
    assert [item.project.code for item in half.evaluations.all()] == ["1"]


def test_a_discontinued_project_is_not_evaluated_in_later_years(cycle):
    Project.objects.filter(code="2").update(discontinued_from=2024)
    assert len(reviews.projects_of_period(plan=cycle.plan, fiscal_year=2024, period="full_year")) == 2
    assert len(reviews.projects_of_period(plan=cycle.plan, fiscal_year=2025, period="full_year")) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fiscal_year": 2024}, "すでに開始"),
        ({"fiscal_year": 2030}, "計画期間"),
        ({"fiscal_year": 2025, "council_date": DUE - timedelta(days=1)}, "開催日"),
    ],
)
def test_a_round_that_makes_no_sense_is_not_opened(cycle, changes, words):
    fields = {
        "plan": cycle.plan,
        "period": "full_year",
        "self_evaluation_due": DUE,
        "rule": ScoringRule.objects.get(key="ino"),
        "actor": cycle.secretariat,
    }
    with refused(REFUSED, PlanError) as caught:
        reviews.open_round(**fields | changes)
    assert words in str(caught.value)


def test_the_whole_cycle_from_self_evaluation_to_the_public_mark(cycle):
    enter_actual(cycle.plan, "1", 1600)
    assert cycle.submit("1").computed["mark"] == "○"
    cycle.submit("2", "△", "調達が遅れました。")
    cycle.advance()
    cycle.score("1")
    cycle.score("2", "△", "理由を確認しました。")
    cycle.advance()
    cycle.decide("1")
    two = cycle.decide("2", "△")
    order = reviews.order_improvement(
        evaluation=two,
        text="調達の計画を見直すこと。",
        due_date=clock.today() + timedelta(days=30),
        version=two.version,
        actor=cycle.council,
    )
    reviews.answer_order(order=order, answer="計画を見直しました。", status="open", actor=cycle.chief)
    reviews.accept_order(order=order, status="answered", actor=cycle.council)
    assert public_results(order.project) == []
    cycle.close()
    (result,) = public_results(order.project)
    assert (result.fiscal_year, result.mark, result.period_label) == (2024, "△", "年度")
    assert [(item.text, item.status) for item in result.orders] == [("調達の計画を見直すこと。", "accepted")]
    assert public_results_of_plan(cycle.plan)[order.project_id] == result
    assert keys()[-12:] == [
        "plan.evaluation.submitted", "plan.evaluation.submitted", "plan.round.advanced", "plan.evaluation.scored",
        "plan.evaluation.scored", "plan.round.advanced", "plan.evaluation.decided", "plan.evaluation.decided",
        "plan.order.issued", "plan.order.answered", "plan.order.accepted", "plan.round.closed",
    ]  # fmt: skip


def test_every_step_is_written_into_the_history_with_who_when_before_and_after(cycle):
    cycle.submit("1", "△", "遅れています。")
    cycle.submit("1", "○")
    rows = list(ChangeRecord.objects.filter(subject_type="evaluation").order_by("pk"))
    assert [(row.before, row.after) for row in rows] == [
        (None, {"評価": "△", "意見": "遅れています。"}),
        ({"評価": "△", "意見": "遅れています。"}, {"評価": "○", "意見": ""}),
    ]
    assert {row.actor for row in rows} == {cycle.chief}


@pytest.mark.parametrize("progress", ["△", "×"])
def test_a_bad_mark_needs_a_reason(cycle, progress):
    with refused(REFUSED, PlanError) as caught:
        cycle.submit("1", progress, "  ")
    assert "理由" in str(caught.value)


def test_an_unknown_mark_is_refused(cycle):
    with refused(REFUSED, PlanError):
        cycle.submit("1", "A")


def test_another_section_cannot_evaluate(cycle):
    with refused(REFUSED, RefusedError):
        cycle.submit("2", actor=cycle.stranger)


@pytest.mark.parametrize("who", ["chief", "council", "stranger"])
def test_only_the_secretariat_scores(cycle, who):
    cycle.to_secretariat()
    with refused(REFUSED, RefusedError):
        cycle.score("1", actor=getattr(cycle, who))


@pytest.mark.parametrize("who", ["chief", "secretariat", "stranger"])
def test_only_the_council_decides(cycle, who):
    cycle.to_council()
    with refused(REFUSED, RefusedError):
        cycle.decide("1", actor=getattr(cycle, who))


@pytest.mark.parametrize("who", ["chief", "council"])
def test_only_the_secretariat_moves_a_round_on(cycle, who):
    cycle.submit("1")
    with refused(REFUSED, RefusedError):
        cycle.advance(actor=getattr(cycle, who), reason="先に進めたい")


def test_nobody_scores_what_they_submitted(cycle):
    cycle.submit("1", actor=cycle.secretariat)
    cycle.submit("2")
    cycle.advance()
    with refused(REFUSED, PlanError) as caught:
        cycle.score("1")
    assert "提出した人" in str(caught.value)
    assert cycle.score("1", actor=cycle.second_secretariat).score == "○"


def test_of_two_editors_the_second_is_told_what_the_first_saved(cycle):
    version = cycle.evaluation("1").version
    cycle.submit("1", "△", "遅れています。")
    with refused(REFUSED, StaleError) as caught:
        cycle.submit("1", "○", version=version)
    assert caught.value.theirs["進捗"] == "△"
    assert caught.value.yours["進捗"] == "○"


def test_a_stage_that_moved_meanwhile_is_not_moved_twice(cycle):
    cycle.to_secretariat()
    with refused(REFUSED, StaleError) as caught:
        cycle.advance(status="self_evaluation")
    assert "事務局確認" in str(caught.value)


def test_a_submission_can_be_replaced_until_the_stage_moves(cycle):
    cycle.submit("1", "△", "遅れています。")
    assert cycle.submit("1", "○").progress == "○"
    cycle.submit("2")
    cycle.advance()
    with refused(REFUSED, StageError):
        cycle.submit("1", "△", "やはり遅れています。")


def test_the_secretariat_returns_a_submission_and_the_section_submits_again(cycle):
    cycle.to_secretariat()
    one = cycle.evaluation("1")
    with refused(REFUSED, PlanError):
        reviews.return_evaluation(evaluation=one, reason="", version=one.version, actor=cycle.secretariat)
    reviews.return_evaluation(
        evaluation=one, reason="根拠を書いてください。", version=one.version, actor=cycle.secretariat
    )
    assert cycle.evaluation("1").status == EvaluationStatus.WAITING
    assert cycle.submit("1", "△", "根拠のとおり遅れています。").status == EvaluationStatus.SUBMITTED


def test_going_on_without_a_submission_needs_a_reason_and_the_rest_can_still_be_submitted(cycle):
    cycle.submit("1")
    with refused(REFUSED, StageError) as caught:
        cycle.advance()
    assert "1件" in str(caught.value)
    cycle.advance(reason="1課は災害対応中のため")
    assert ChangeRecord.objects.get(subject_type="reviewround").reason == "1課は災害対応中のため"
    assert cycle.submit("2").status == EvaluationStatus.SUBMITTED


def test_a_project_nobody_submitted_is_scored_only_with_a_comment(cycle):
    cycle.submit("1")
    cycle.advance(reason="災害対応中のため")
    with refused(REFUSED, PlanError):
        cycle.score("2", "×", "")
    assert cycle.score("2", "×", "提出がなかったため。").score == "×"


def test_a_score_that_differs_from_the_computed_one_needs_a_comment(cycle):
    enter_actual(cycle.plan, "1", 1600)
    cycle.to_secretariat()
    with refused(REFUSED, PlanError):
        cycle.score("1", "△", "")
    assert cycle.score("1", "○", "").score == "○"


def test_a_mark_the_rule_does_not_know_is_refused(cycle):
    cycle.to_secretariat()
    with refused(REFUSED, PlanError) as caught:
        cycle.score("1", "S")
    assert "○・△・×" in str(caught.value)


def test_a_round_goes_back_with_a_reason_but_not_over_the_decisions_of_the_council(cycle):
    cycle.to_council()
    fields = {"review": cycle.review, "actor": cycle.secretariat, "status": "council"}
    with refused(REFUSED, StageError):
        reviews.return_round(**fields, reason="")
    cycle.decide("1")
    with refused(REFUSED, StageError) as caught:
        reviews.return_round(**fields, reason="採点を見直すため")
    assert "決定を取り消して" in str(caught.value)
    reviews.undo_decisions(
        review=cycle.review, versions={cycle.evaluation("1").pk: cycle.evaluation("1").version}, actor=cycle.council
    )
    assert reviews.return_round(**fields, reason="採点を見直すため").status == RoundStatus.SECRETARIAT


def test_many_projects_are_scored_as_computed_and_that_is_undone(cycle):
    enter_actual(cycle.plan, "1", 1400)
    enter_actual(cycle.plan, "2", 23)
    cycle.to_secretariat()
    versions = {item.pk: item.version for item in cycle.review.evaluations.all()}
    scored = reviews.score_as_computed(review=cycle.review, versions=versions, actor=cycle.secretariat)
    assert [cycle.evaluation(code).score for code in "12"] == ["△", "○"]
    assert reviews.undo_scores(review=cycle.review, versions=scored, actor=cycle.secretariat) == 2
    assert {item.status for item in cycle.review.evaluations.all()} == {EvaluationStatus.SUBMITTED}
    with refused(REFUSED, StaleError):
        reviews.undo_scores(review=cycle.review, versions=scored, actor=cycle.secretariat)


def test_a_bulk_score_is_all_or_nothing(cycle):
    enter_actual(cycle.plan, "1", 1600)
    cycle.to_secretariat()
    versions = {item.pk: item.version for item in cycle.review.evaluations.all()}
    with refused(REFUSED, PlanError) as caught:
        reviews.score_as_computed(review=cycle.review, versions=versions, actor=cycle.secretariat)
    assert "窓口の待ち時間を短くする" in str(caught.value)


def test_the_council_follows_the_secretariat_for_many_projects_and_takes_it_back(cycle):
    cycle.to_council()
    versions = {item.pk: item.version for item in cycle.review.evaluations.all()}
    decided = reviews.decide_as_scored(review=cycle.review, versions=versions, actor=cycle.council)
    assert [cycle.evaluation(code).decision for code in "12"] == ["○", "△"]
    assert reviews.undo_decisions(review=cycle.review, versions=decided, actor=cycle.council) == 2


def ordered(cycle: Cycle) -> object:
    cycle.to_council()
    two = cycle.decide("2", "△")
    due = clock.today() + timedelta(days=14)
    return reviews.order_improvement(
        evaluation=two, text="見直すこと。", due_date=due, version=two.version, actor=cycle.council
    )


def test_an_order_needs_a_decision_a_text_and_a_day_to_come(cycle):
    cycle.to_council()
    one = cycle.evaluation("1")
    due = clock.today() + timedelta(days=14)
    with refused(REFUSED, StageError):
        reviews.order_improvement(
            evaluation=one, text="急ぐこと。", due_date=due, version=one.version, actor=cycle.council
        )
    one = cycle.decide("1")
    fields = {"evaluation": one, "version": one.version, "actor": cycle.council}
    with refused(REFUSED, PlanError):
        reviews.order_improvement(**fields, text=" ", due_date=due)
    with refused(REFUSED, PlanError):
        reviews.order_improvement(**fields, text="急ぐこと。", due_date=clock.today() - timedelta(days=1))
    with refused(REFUSED, RefusedError):
        reviews.order_improvement(**fields | {"actor": cycle.secretariat}, text="急ぐこと。", due_date=due)


def test_a_decision_that_led_to_an_order_is_not_undone(cycle):
    order = ordered(cycle)
    versions = {order.evaluation_id: Evaluation.objects.get(pk=order.evaluation_id).version}
    with refused(REFUSED, StageError):
        reviews.undo_decisions(review=cycle.review, versions=versions, actor=cycle.council)


def test_an_answer_is_sent_back_answered_again_and_accepted(cycle):
    order = ordered(cycle)
    with refused(REFUSED, RefusedError):
        reviews.answer_order(order=order, answer="しました。", status="open", actor=cycle.stranger)
    with refused(REFUSED, StageError):
        reviews.accept_order(order=order, status="open", actor=cycle.council)
    order = reviews.answer_order(order=order, answer="しました。", status="open", actor=cycle.chief)
    with refused(REFUSED, StaleError):
        reviews.answer_order(order=order, answer="別の答え", status="open", actor=cycle.chief)
    with refused(REFUSED, PlanError):
        reviews.send_back_order(order=order, status="answered", reason="", actor=cycle.council)
    order = reviews.send_back_order(order=order, status="answered", reason="日程がありません。", actor=cycle.council)
    assert order.status == OrderStatus.OPEN
    order = reviews.answer_order(order=order, answer="9月までにします。", status="open", actor=cycle.chief)
    with refused(REFUSED, RefusedError):
        reviews.accept_order(order=order, status="answered", actor=cycle.secretariat)
    order = reviews.accept_order(order=order, status="answered", actor=cycle.council)
    assert (order.status, order.accepted_by) == (OrderStatus.ACCEPTED, cycle.council)
    with refused(REFUSED, StageError):
        reviews.answer_order(order=order, answer="さらに", status="accepted", actor=cycle.chief)
