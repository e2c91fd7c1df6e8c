"""Files judged element by element: what runs, what does not and exactly why; the command line and its exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from madoguchi.cases.errors import UnreadableBpmnError
from madoguchi.cases.plugins.spiff.engine import SpiffEngine
from madoguchi.cases.rules.bpmn.checks import check
from madoguchi.cases.rules.bpmn.report import BpmnReport
from madoguchi.cases.services.versions import default_bpmn
from madoguchi.site.cli import cli
from tests.shared import shared_path

from .flows import chain, end, flow, process, service, start, user
from .services import KEYS


def judged(xml: str, *services: str) -> BpmnReport:
    return check(xml.encode(), services or ("tests.work",))


def reasons(xml: str) -> dict[str, str]:
    return {element.id: element.reason for element in judged(xml).faulty}


def test_the_default_flow_is_supported_and_compiles() -> None:
    report = check(default_bpmn().encode(), KEYS)
    assert report.sentences() == []
    assert {"review", "correction", "approve", "issue"} <= {element.id for element in report.elements}
    assert SpiffEngine().compile(default_bpmn().encode())


def one(task: str, more: str = "") -> str:
    return process(start() + task + end() + chain("s", "x", "e") + more)


GATE = '<exclusiveGateway id="x"{}/>'
TWO = user("a") + end("e2") + flow("x", "a", "{}") + flow("a", "e2")


@pytest.mark.parametrize(
    ("xml", "element", "words"),
    [
        (one('<scriptTask id="x"><script>1</script></scriptTask>'), "x", "スクリプトは実行しません"),
        (one('<complexGateway id="x"/>'), "x", "複合ゲートウェイ"),
        (one('<transaction id="x"/>'), "x", "トランザクション"),
        (one('<adHocSubProcess id="x"/>'), "x", "アドホック"),
        (one('<callActivity id="x" calledElement="elsewhere"/>'), "x", "このファイルにありません"),
        (one('<callActivity id="x" calledElement="p"/>'), "x", "自分自身"),
        (one('<serviceTask id="x"/>'), "x", "madoguchi:service"),
        (one(service("x", "nobody.knows")), "x", "サービス「nobody.knows」は、この窓口にありません"),
        (one(service("x", value="=1 +")), "x", "パラメーター「value」"),
        (one('<businessRuleTask id="x"/>'), "x", "判定表"),
        (one('<receiveTask id="x"/>'), "x", "messageRef"),
        (one('<receiveTask id="x" messageRef="m"/>'), "x", "メッセージ「m」がこのファイルにありません"),
        (one(user("x", audience="robot")), "x", "担当「robot」"),
        (one(user("x", "a", "a")), "x", "結果「a」が二度"),
        (one(user("x", dueDays="ten")), "x", "期限の日数「ten」"),
        (one('<task id="x" isForCompensation="true"/>'), "x", "補償"),
        (one(user("x", inner="<multiInstanceLoopCharacteristics/>")), "x", "繰り返し"),
        (one('<intermediateCatchEvent id="x"><signalEventDefinition/></intermediateCatchEvent>'), "x", "シグナル"),
        (one('<intermediateCatchEvent id="x"/>'), "x", "何を待つのか"),
        (
            one(
                '<intermediateCatchEvent id="x"><timerEventDefinition><timeDuration>two weeks</timeDuration>'
                "</timerEventDefinition></intermediateCatchEvent>"
            ),
            "x",
            "ISO 8601",
        ),
        (one(GATE.format(""), TWO.format("a &gt; 1")), "x", "既定のフロー"),
        (one(GATE.format(' default="x-e"'), TWO.format("a &gt;")), "x-a", "FEELの式ではありません"),
        (one(GATE.format(' default="x-e"'), TWO.format("__import__(&quot;os&quot;).getpid() &gt; 0")), "x-a", "__import__"),
        (one(GATE.format(' default="x-e"'), TWO.format("${amount}")), "x-a", "FEELの式ではありません"),
        (one(GATE.format(' default="elsewhere"'), TWO.format("true")), "x", "既定の線「elsewhere」"),
        (one(user("x"), user("lonely") + end("e2") + flow("lonely", "e2")), "lonely", "たどり着けません"),
        (one(user("x"), user("lost") + flow("x", "lost")), "x", "ゲートウェイで分けて"),
        (process(start() + user("x") + flow("s", "x")), "p", "終了イベントがありません"),
        (process(user("x") + end() + flow("x", "e")), "p", "開始イベントがありません"),
        (process(start() + user("x") + end() + chain("s", "x", "e") + flow("x", "nowhere", "", "loose")), "loose", "線の先"),
        (
            process(start() + end() + flow("s", "e"), more=f'<process id="q">{start("s2") + end("e2") + flow("s2", "e2")}</process>'),
            "q",
            "このプロセスは動きません",
        ),
        (
            process(
                start() + end() + flow("s", "e"),
                before='<collaboration id="c"><messageFlow id="mf" sourceRef="s" targetRef="e"/></collaboration>',
            ),
            "mf",
            "メッセージフロー",
        ),
    ],
)  # fmt: skip
def test_what_is_not_supported_is_named_with_its_reason_and_line(xml: str, element: str, words: str) -> None:
    report = judged(xml)
    found = {item.id: item for item in report.faulty}
    assert not report.supported
    assert words in found[element].reason
    assert found[element].line >= 1


def test_a_file_that_needs_another_file_says_which() -> None:
    xml = process(
        start() + end() + flow("s", "e"), before='<import importType="x" location="types.xsd" namespace="y"/>'
    )
    assert any("types.xsd" in reason for reason in reasons(xml).values())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not xml", "XMLとして読めません"),
        (b"<html/>", "definitions"),
        (b'<!DOCTYPE d [<!ENTITY a "b">]><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&a;</definitions>', "DOCTYPE"),
        (b" " * 2_000_001, "大きすぎます"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableBpmnError, match=words):
        check(content)


def test_an_entity_is_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("himitsu")
    content = f'<!DOCTYPE d [<!ENTITY a SYSTEM "file://{secret}">]><d>&a;</d>'.encode()
    with pytest.raises(UnreadableBpmnError) as refused:
        check(content)
    assert "himitsu" not in str(refused.value)


# What the reference models hold, read from the files: kinds that do not run, gateways without conditions, several pools.
EXPECTED: dict[str, dict[str, tuple[str, ...]]] = {
    "A.1.0": {},
    "A.2.0": {"exclusiveGateway": ("既定",), "sequenceFlow": ("条件がありません",)},
    "A.2.1": {"task": ("2本の線",), "sequenceFlow": ("条件は、排他ゲートウェイ", "条件がありません")},
    "A.3.0": {"subProcess": ("開始イベントがありません",), "boundaryEvent": ("エスカレーション",)},
    "A.4.0": {"process": ("複数",), "messageFlow": ("メッセージフロー",), "task": ("2本の線",)},
    "A.4.1": {"process": ("複数",), "messageFlow": ("メッセージフロー",), "task": ("2本の線",)},
    "B.1.0": {
        "globalTask": ("グローバルタスク",), "process": ("複数",), "startEvent": ("タイマー",), "serviceTask": ("madoguchi:service",),
        "callActivity": ("このファイルにありません",), "exclusiveGateway": ("既定",), "subProcess": ("開始イベントがありません",),
        "sequenceFlow": ("条件がありません",), "messageFlow": ("メッセージフロー",),
    },
    "B.2.0": {
        "globalUserTask": ("グローバルタスク",), "startEvent": ("2個", "条件イベント", "シグナル", "タイマー"), "userTask": ("繰り返し",),
        "serviceTask": ("madoguchi:service",), "process": ("複数",), "endEvent": ("シグナル", "エスカレーション"),
        "boundaryEvent": ("エスカレーション", "条件イベント", "時刻や期間", "シグナル"),
        "intermediateCatchEvent": ("条件イベント", "時刻や期間", "リンク", "シグナル"),
        "intermediateThrowEvent": ("シグナル", "エスカレーション", "リンク"),
        "subProcess": ("開始イベントがありません", "繰り返し"), "callActivity": ("このファイルにありません",),
        "sequenceFlow": ("条件がありません",), "receiveTask": ("messageRef",), "exclusiveGateway": ("既定",),
        "messageFlow": ("メッセージフロー",),
    },
    "C.1.0": {
        "process": ("このプロセスは動きません",), "messageFlow": ("メッセージフロー",),
        "intermediateCatchEvent": ("時刻や期間",), "exclusiveGateway": ("既定",),
        "serviceTask": ("madoguchi:service",), "sequenceFlow": ("FEELの式ではありません",),
    },
    "C.1.1": {
        "exclusiveGateway": ("既定",), "serviceTask": ("madoguchi:service",), "sequenceFlow": ("FEELの式ではありません",),
        "file": ("xsdTypes.xsd",),
    },
    "C.2.0": {
        "messageFlow": ("メッセージフロー",), "process": ("複数",), "exclusiveGateway": ("既定",), "sequenceFlow": ("条件がありません",),
    },
    "C.3.0": {
        "userTask": ("1だけ",), "exclusiveGateway": ("既定",), "subProcess": ("開始イベントがありません",),
        "sequenceFlow": ("条件がありません", "FEELの式ではありません"),
    },
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_reference_models_run_or_say_exactly_why_not(name: str) -> None:
    content = shared_path("data", "bpmn", f"{name}.bpmn").read_bytes()
    report = check(content, KEYS)
    expected = EXPECTED[name]
    assert {element.kind for element in report.faulty} == set(expected)
    for kind, words in expected.items():
        said = "".join(element.reason for element in report.faulty if element.kind == kind)
        assert [word for word in words if word not in said] == []
    assert report.supported == (not expected)
    if report.supported:
        assert SpiffEngine().compile(content)


@pytest.mark.shared
def test_every_reference_model_has_its_expectation() -> None:
    assert {path.stem for path in shared_path("data", "bpmn").glob("*.bpmn")} == set(EXPECTED)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    def write(content: str) -> str:
        path = tmp_path / "flow.bpmn"
        path.write_text(content, encoding="utf-8")
        return str(path)

    return write


def test_the_command_says_yes_by_exit_status(file: Callable[[str], str]) -> None:
    result = CliRunner().invoke(cli, ["workflow", "check", file(one(user("x")))])
    assert result.exit_code == 0
    assert "そのまま動かせます" in result.output


def test_the_command_says_no_with_line_kind_id_and_reason(file: Callable[[str], str]) -> None:
    result = CliRunner().invoke(cli, ["workflow", "check", file(one('<scriptTask id="x" name="計算"/>'))])
    assert result.exit_code == 1
    assert "×\t1行目\tスクリプトタスク\t計算\tx\tスクリプトは実行しません" in result.output


def test_the_command_says_that_it_cannot_read(file: Callable[[str], str]) -> None:
    assert CliRunner().invoke(cli, ["workflow", "check", file("<broken")]).exit_code == 2
    assert CliRunner().invoke(cli, ["workflow", "check", "/nowhere.bpmn"]).exit_code == 2


def test_the_command_answers_in_json(file: Callable[[str], str]) -> None:
    result = CliRunner().invoke(cli, ["workflow", "check", "--json", file(one('<complexGateway id="x"/>'))])
    found = json.loads(result.output)
    assert (result.exit_code, found["supported"]) == (1, False)
    (element,) = [item for item in found["elements"] if not item["supported"]]
    assert (element["id"], element["kind"], element["line"]) == ("x", "complexGateway", 1)
