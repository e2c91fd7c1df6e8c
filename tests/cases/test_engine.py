"""The engine through every gateway, event and kind of task, its state stored and taken up again after each step."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.cases.errors import BpmnError, ServiceFault, StaleError
from madoguchi.cases.plugins.spiff.script_engine import FeelScriptEngine
from madoguchi.kit import clock

from .flows import Host, Walk, chain, end, flow, process, service, start, user

NOW = datetime(2026, 11, 20, 10, tzinfo=clock.TOKYO)  # a Friday


def exclusive(condition: str, default: str = "no") -> str:
    return process(
        start() + f'<exclusiveGateway id="g" default="{default}"/>' + user("a") + user("b") + end("e1") + end("e2")
        + flow("s", "g") + flow("g", "a", condition, "yes") + flow("g", "b", "", "no") + flow("a", "e1") + flow("b", "e2")
    )  # fmt: skip


@pytest.mark.parametrize(("amount", "expected"), [(1000, "a"), (999, "b"), (None, "b"), ("1000", "b")])
def test_an_exclusive_gateway_takes_the_way_whose_condition_is_true(amount: object, expected: str) -> None:
    assert Walk(exclusive("amount &gt;= 1000"), amount=amount).open == [expected]


def test_a_condition_may_ask_for_the_facts_of_the_case() -> None:
    assert Walk(exclusive("count(household) &gt; 2"), Host(household=["a", "b", "c"])).open == ["a"]


def test_only_true_is_true() -> None:
    assert Walk(exclusive('"yes"')).open == ["b"]


def test_a_gateway_without_a_way_stands_still_until_it_has_one() -> None:
    xml = process(
        start() + '<exclusiveGateway id="g"/>' + user("a") + end() + flow("s", "g") + flow("g", "a", "ready = true")
        + user("b") + end("e2") + flow("g", "b", "ready = false") + flow("a", "e") + flow("b", "e2")
    )  # fmt: skip
    host = Host(ready=None)
    walk = Walk(xml, host)
    assert [(problem.element, walk.open) for problem in walk.run.problems] == [("g", [])]
    host._facts["ready"] = True
    assert walk.wait().open == ["a"]
    assert walk.run.problems == []


def test_a_parallel_gateway_waits_for_every_branch() -> None:
    xml = process(
        start() + '<parallelGateway id="split"/>' + user("a") + user("b") + '<parallelGateway id="join"/>' + user("c")
        + end() + chain("s", "split", "a", "join", "c", "e") + chain("split", "b", "join")
    )  # fmt: skip
    walk = Walk(xml)
    assert walk.open == ["a", "b"]
    assert walk.do("b", left=1).open == ["a"]
    assert walk.do("a", right=2).open == ["c"]
    walk.do("c")
    assert walk.run.is_finished
    assert (walk.run.data["left"], walk.run.data["right"]) == (1, 2)


@settings(max_examples=12, deadline=None)
@given(st.sets(st.sampled_from(["a", "b", "c"])), st.randoms(use_true_random=False))
def test_an_inclusive_gateway_joins_exactly_the_branches_it_opened(wanted: set[str], chance: object) -> None:
    xml = process(
        start() + '<inclusiveGateway id="split" default="split-other"/>' + "".join(user(key) for key in "abc")
        + user("other") + '<inclusiveGateway id="join"/>' + user("last") + end() + chain("s", "split")
        + "".join(flow("split", key, f"{key} = true") + flow(key, "join") for key in "abc")
        + chain("split", "other", "join", "last", "e")
    )  # fmt: skip
    walk = Walk(xml, **{key: key in wanted for key in "abc"})
    expected = sorted(wanted) or ["other"]
    assert walk.open == expected
    chance.shuffle(expected)  # type: ignore[attr-defined]
    for number, key in enumerate(expected, start=1):
        assert "last" not in walk.open
        walk.do(key)
        assert ("last" in walk.open) == (number == len(expected))


def test_an_event_gateway_takes_what_comes_first() -> None:
    message = '<message id="m" name="paid"/>'
    xml = process(
        start() + '<eventBasedGateway id="g"/>' + user("a") + user("b") + end("e1") + end("e2")
        + '<intermediateCatchEvent id="on_message"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
        + '<intermediateCatchEvent id="on_time"><timerEventDefinition><timeDuration>P3D</timeDuration>'
        + "</timerEventDefinition></intermediateCatchEvent>"
        + chain("s", "g", "on_message", "a", "e1") + chain("g", "on_time", "b", "e2"),
        before=message,
    )  # fmt: skip
    with clock.frozen(NOW):
        paid, late = Walk(xml), Walk(xml)
        assert paid.run.next_timer() is not None
        assert paid.tell("paid", amount=300)
    assert (paid.open, paid.run.data["amount"], paid.run.next_timer()) == (["a"], 300, None)
    with clock.frozen(NOW + timedelta(days=4)):
        assert late.wait().open == ["b"]
        assert not late.tell("paid")
        assert late.open == ["b"]


def test_a_thrown_message_reaches_who_waits_in_the_same_flow() -> None:
    xml = process(
        start() + '<parallelGateway id="g"/>' + user("a") + user("b") + end("e1") + end("e2")
        + '<intermediateThrowEvent id="t"><messageEventDefinition messageRef="m"/></intermediateThrowEvent>'
        + '<intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
        + chain("s", "g", "a", "t", "e1") + chain("g", "c", "b", "e2"),
        before='<message id="m" name="checked"/>',
    )  # fmt: skip
    walk = Walk(xml)
    assert walk.open == ["a"]
    assert walk.do("a").open == ["b"]


def timed(definition: str, *, cancel: str = "true") -> str:
    return process(
        start() + user("work") + user("late") + end("e1") + end("e2")
        + f'<boundaryEvent id="due" attachedToRef="work" cancelActivity="{cancel}"><timerEventDefinition '
        + f"{definition}</timerEventDefinition></boundaryEvent>" + chain("s", "work", "e1") + chain("due", "late", "e2")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("definition", "before", "after"),
    [
        ("><timeDuration>P14D</timeDuration>", "2026-12-04T23:59", "2026-12-05T00:00"),
        ("><timeDuration>P1M</timeDuration>", "2026-12-20T23:59", "2026-12-21T00:00"),
        ("><timeDuration>PT36H</timeDuration>", "2026-11-21T21:59", "2026-11-21T22:00"),
        ("><timeDate>2026-12-01</timeDate>", "2026-11-30T23:59", "2026-12-01T00:00"),
        # Monday the 23rd is Labour Thanksgiving Day (勤労感謝の日).
        ('madoguchi:businessDays="2">', "2026-11-25T23:59", "2026-11-26T00:00"),
        ('madoguchi:rollForward="true"><timeDuration>P1D</timeDuration>', "2026-11-24T23:59", "2026-11-25T00:00"),
        ("><timeDuration>period</timeDuration>", "2026-11-22T23:59", "2026-11-23T00:00"),
    ],
)
def test_a_boundary_timer_stops_the_work_when_its_period_is_over(definition: str, before: str, after: str) -> None:
    with clock.frozen(NOW):
        walk = Walk(timed(definition), period="P2D")
        assert walk.run.problems == []
    with clock.frozen(datetime.fromisoformat(before).replace(tzinfo=clock.TOKYO)):
        assert walk.wait().open == ["work"]
    with clock.frozen(datetime.fromisoformat(after).replace(tzinfo=clock.TOKYO)):
        assert walk.wait().open == ["late"]


def test_a_timer_that_does_not_interrupt_runs_beside_the_work() -> None:
    with clock.frozen(NOW):
        walk = Walk(timed("><timeDuration>P1D</timeDuration>", cancel="false"))
    with clock.frozen(NOW + timedelta(days=3)):
        assert walk.wait().open == ["late", "work"]
        assert walk.do("work").open == ["late"]
        walk.do("late")
    assert walk.run.is_finished


def test_a_repeating_timer_reminds_as_often_as_it_says() -> None:
    xml = process(
        start() + user("work") + service("remind") + end("e1") + end("e2")
        + '<boundaryEvent id="due" attachedToRef="work" cancelActivity="false"><timerEventDefinition>'
        + "<timeCycle>R2/P7D</timeCycle></timerEventDefinition></boundaryEvent>"
        + chain("s", "work", "e1") + chain("due", "remind", "e2")
    )  # fmt: skip
    with clock.frozen(NOW):
        walk = Walk(xml)
    counts = []
    for days in (6, 8, 9, 15, 16, 40):
        with clock.frozen(NOW + timedelta(days=days)):
            counts.append(len(walk.wait().host.calls))
    assert counts == [0, 1, 1, 1, 2, 2]
    assert walk.open == ["work"]


def test_a_timer_nobody_can_read_is_reported_and_read_again_later() -> None:
    host = Host(period=7)
    with clock.frozen(NOW):
        walk = Walk(timed("><timeDuration>period</timeDuration>"), host)
        assert [problem.element for problem in walk.run.problems] == ["due"]
        host._facts["period"] = "P1D"
        walk.wait()
    assert (walk.run.problems, walk.open) == ([], ["work"])
    assert walk.run.next_timer() is not None


def failing(code: str) -> str:
    return process(
        start() + service("work") + user("repair") + end("e1") + end("e2")
        + f'<boundaryEvent id="caught" attachedToRef="work"><errorEventDefinition errorRef="{code}"/></boundaryEvent>'
        + chain("s", "work", "e1") + chain("caught", "repair", "e2"),
        before='<error id="x" name="x" errorCode="no_template"/><error id="y" name="y" errorCode="other"/>',
    )  # fmt: skip


def test_an_error_of_a_service_goes_to_the_event_that_names_it() -> None:
    host = Host()
    host.answers["tests.work"] = ServiceFault("no_template")
    assert Walk(failing("x"), host).open == ["repair"]
    walk = Walk(failing("y"), host)
    assert (walk.open, [problem.element for problem in walk.run.problems]) == ([], ["work"])


def test_an_error_inside_a_sub_process_is_caught_around_it() -> None:
    inner = start("s2") + service("work") + end("e2") + chain("s2", "work", "e2")
    xml = process(
        start() + f'<subProcess id="sub">{inner}</subProcess>' + user("repair") + end("e1") + end("e3")
        + '<boundaryEvent id="caught" attachedToRef="sub"><errorEventDefinition/></boundaryEvent>'
        + chain("s", "sub", "e1") + chain("caught", "repair", "e3")
    )  # fmt: skip
    host = Host()
    host.answers["tests.work"] = ServiceFault("any")
    walk = Walk(xml, host)
    assert walk.open == ["repair"]
    walk.do("repair")
    assert walk.run.is_finished


def test_an_error_end_inside_a_sub_process_is_caught_around_it() -> None:
    inner = start("s2") + user("a") + end("e2", "<errorEventDefinition/>") + chain("s2", "a", "e2")
    xml = process(
        start() + f'<subProcess id="sub">{inner}</subProcess>' + user("repair") + end("e1") + end("e3")
        + '<boundaryEvent id="caught" attachedToRef="sub"><errorEventDefinition/></boundaryEvent>'
        + chain("s", "sub", "e1") + chain("caught", "repair", "e3")
    )  # fmt: skip
    assert Walk(xml).do("a").open == ["repair"]


def test_a_service_gets_its_parameters_evaluated_and_gives_variables() -> None:
    host = Host(age=41)
    host.answers["tests.work"] = {"number": "A-1"}
    xml = process(
        start() + service("w", kind="certificate", next="=age + 1") + user("a") + end() + chain("s", "w", "a", "e")
    )
    walk = Walk(xml, host)
    assert host.calls == [("tests.work", {"kind": "certificate", "next": 42})]
    assert walk.run.data["number"] == "A-1"


def test_a_decision_task_asks_the_table_of_the_subject() -> None:
    xml = process(
        start() + '<businessRuleTask id="d" madoguchi:decision="fee"/>' + user("a") + end() + chain("s", "d", "a", "e")
    )
    assert Walk(xml, Host(age=70)).run.data["decided"] == "fee:70"


def test_sub_processes_and_called_processes_hand_their_variables_on() -> None:
    inner = start("s2") + user("inside") + end("e2") + chain("s2", "inside", "e2")
    called = f'<process id="other">{start("s3") + user("called") + end("e3") + chain("s3", "called", "e3")}</process>'
    xml = process(
        start() + f'<subProcess id="sub">{inner}</subProcess>' + '<callActivity id="call" calledElement="other"/>'
        + user("last") + end() + chain("s", "sub", "call", "last", "e"),
        more=called,
    )  # fmt: skip
    walk = Walk(xml)
    assert walk.do("inside", one=1).open == ["called"]
    assert walk.do("called", two=2).open == ["last"]
    assert (walk.run.data["one"], walk.run.data["two"]) == (1, 2)


def test_a_task_is_repeated_for_each_of_several() -> None:
    loop = '<multiInstanceLoopCharacteristics madoguchi:collection="members" madoguchi:item="member"/>'
    xml = process(start() + user("ask", inner=loop) + user("last") + end() + chain("s", "ask", "last", "e"))
    walk = Walk(xml, members=["父", "母", "子"])
    assert walk.open == ["ask", "ask", "ask"]
    assert sorted(task.instance for task in walk.run.open_tasks()) == ["1", "2", "3"]
    for _ in range(3):
        assert "last" not in walk.open
        walk.do("ask")
    assert walk.open == ["last"]


def test_a_sequential_repetition_counts_by_a_condition_over_the_facts() -> None:
    loop = (
        '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>count(members)</loopCardinality>'
        "</multiInstanceLoopCharacteristics>"
    )
    xml = process(start() + user("ask", inner=loop) + user("last") + end() + chain("s", "ask", "last", "e"))
    walk = Walk(xml, Host(members=["父", "母"]))
    assert (walk.open, walk.do("ask").open, walk.do("ask").open) == (["ask"], ["ask"], ["last"])


def test_a_terminating_end_ends_everything() -> None:
    xml = process(
        start() + '<parallelGateway id="g"/>' + user("a") + user("b") + end("e1")
        + end("e2", "<terminateEventDefinition/>", result="stopped") + chain("s", "g", "a", "e1") + chain("g", "b", "e2")
    )  # fmt: skip
    walk = Walk(xml).do("b")
    assert (walk.run.is_finished, walk.run.result, walk.open) == (True, "stopped", [])


def test_a_flow_that_never_rests_is_stopped_and_reported() -> None:
    xml = process(
        start() + '<exclusiveGateway id="j"/>' + service("w") + '<exclusiveGateway id="g" default="g-j"/>' + end()
        + chain("s", "j", "w", "g") + flow("g", "e", "enough = true") + flow("g", "j")
    )  # fmt: skip
    walk = Walk(xml)
    assert "回り続けています" in walk.run.problems[-1].message


def test_a_task_cannot_be_completed_twice() -> None:
    walk = Walk(process(start() + user("a") + user("b") + end() + chain("s", "a", "b", "e")))
    (task,) = walk.run.open_tasks()
    walk.do("a")
    with pytest.raises(StaleError):
        walk.run.complete(task.engine_id, {})
    assert walk.open == ["b"]


@pytest.mark.parametrize(
    "text", ["__import__('os').system('true')", '__import__("os").getpid() &gt; 0', "().__class__.__base__", "exec(1)"]
)
def test_no_expression_of_a_file_is_python(text: str) -> None:
    try:
        walk = Walk(exclusive(text))
    except BpmnError:
        return
    assert walk.open in ([], ["b"])


def test_the_script_engine_refuses_scripts_and_pythons_evaluator() -> None:
    engine = FeelScriptEngine(Host())
    with pytest.raises(BpmnError):
        engine.execute(None, "x = 1")
    with pytest.raises(BpmnError):
        engine.environment.evaluate("1 + 1", {})
