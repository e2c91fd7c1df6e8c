"""The runner of the compatibility kit: the cases beside the repository, and what it makes of broken ones."""

import json
from pathlib import Path

import pytest

from madoguchi.kit.dmn.compatibility import CaseResult, check_folders, results_as_json
from tests.kit.dmn.models import FEES, document
from tests.shared import shared_path

CASES = '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>m.dmn</modelName>{}</testCases>'


def value(content: object, kind: str = "decimal") -> str:
    return f'<value xsi:type="xsd:{kind}">{content}</value>'


def case(name: str, inputs: str, expected: str, more: str = "") -> str:
    return (
        f'<testCase id="{name}"{more}>{inputs}<resultNode name="{name}"><expected>{expected}</expected></resultNode>'
        "</testCase>"
    )


def run(folder: Path, model: bytes, cases: str) -> list[CaseResult]:
    (folder / "m.dmn").write_bytes(model)
    (folder / "m-test-01.xml").write_text(CASES.format(cases), encoding="utf-8")
    return check_folders([folder])


APPLICANT = (
    f'<inputNode name="申請者"><component name="年齢">{value(30)}</component>'
    f'<component name="住所 区分">{value("市外", "string")}</component></inputNode>'
)


@pytest.mark.shared
def test_all_cases_beside_the_repository_pass() -> None:
    results = check_folders([shared_path("data", "dmn")])
    assert len(results) > 80
    assert [result for result in results if not result.passed] == []


def test_decisions_services_and_functions_are_asked(tmp_path: Path) -> None:
    more = ' type="decisionService" invocableName="請求サービス"'
    cases = (
        case("請求額", APPLICANT, value("450.000000001"))
        + case("請求サービス", APPLICANT, value(450), more)
        + case(
            "割引 後",
            f'<inputNode name="額">{value(9)}</inputNode><inputNode name="率">{value(0)}</inputNode>',
            value(9),
            ' type="bkm"',
        )
        + case("請求額", APPLICANT, value(451))
    )
    results = run(tmp_path, document(FEES), cases)
    assert [result.passed for result in results] == [True, True, True, False]
    assert (results[3].model, results[3].case) == ("m", "m-test-01#請求額")
    assert (results[3].expected, results[3].got, results[3].refused) == ("451", "450", "")


def test_a_refused_case_is_named_and_not_passed(tmp_path: Path) -> None:
    body = "".join(
        f'<decision id="{name}" name="{name}"><literalExpression><text>{text}</text></literalExpression></decision>'
        for name, text in (("a", "function(x) external {java: {}}"), ("b", "1 +"), ("c", "{x: [1, null]}"))
    )
    expected = (
        f'<component name="x"><list><item>{value(1)}</item><item><value xsi:nil="true"/></item></list></component>'
    )
    cases = (
        case("a", "", '<value xsi:nil="true"/>')
        + '<testCase id="b"><resultNode name="b" errorResult="true"/></testCase>'
        + case("c", "", expected)
    )
    results = run(tmp_path, document(body), cases)
    assert [(result.passed, result.refused) for result in results] == [
        (False, "function … external"),
        (True, ""),
        (True, ""),
    ]


def test_one_broken_file_does_not_stop_the_others(tmp_path: Path) -> None:
    for name in ("1-broken", "2-missing", "3-good"):
        (tmp_path / name).mkdir()
    (tmp_path / "1-broken" / "x-test-01.xml").write_text("<testCases", encoding="utf-8")
    (tmp_path / "1-broken" / "y-test-01.xml").write_bytes(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')
    lonely = CASES.format(case("請求額", APPLICANT, value(450)))
    (tmp_path / "2-missing" / "m-test-01.xml").write_text(lonely, encoding="utf-8")
    run(tmp_path / "3-good", document(FEES), case("請求額", APPLICANT, value(450)) + case("無い", "", value(1)))
    results = check_folders([tmp_path])
    assert [result.passed for result in results] == [False, False, False, True, False]
    assert all(result.got.startswith("!") for result in results if not result.passed)
    assert json.loads(json.dumps(results_as_json(results)))[3]["model"] == "m"


def test_models_beside_a_model_may_be_imported(tmp_path: Path) -> None:
    other = document(FEES).replace(b"urn:test", b"urn:other")
    (tmp_path / "other.dmn").write_bytes(other)
    main = document(
        '<import name="他" namespace="urn:other" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
        '<decision id="d" name="d"><informationRequirement><requiredDecision href="urn:other#d2"/>'
        "</informationRequirement><literalExpression><text>他.請求額 + 1</text></literalExpression></decision>"
    )
    assert [result.passed for result in run(tmp_path, main, case("d", APPLICANT, value(451)))] == [True]
