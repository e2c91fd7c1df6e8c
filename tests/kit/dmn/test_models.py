"""Whole models: requirements, types, functions, services, boxed expressions, imports."""

from decimal import Decimal

import pytest

from madoguchi.kit.dmn import DecisionModel, DmnError, read_model
from madoguchi.kit.feel import FeelUnsupportedError
from tests.kit.dmn.models import FEES, document

ADULT = {"年齢": 30, "住所 区分": "市外"}
CHILD = {"年齢": 10, "住所 区分": "市内"}


@pytest.fixture(scope="module")
def fees() -> DecisionModel:
    return DecisionModel(read_model(document(FEES)))


def test_a_decision_asks_what_it_requires_and_tells_the_way(fees: DecisionModel) -> None:
    result = fees.evaluate("請求額", {"申請者": ADULT})
    assert result.value == Decimal(450)
    assert result.decisions == {"基本額": Decimal(600), "請求額": Decimal(450)}
    assert result.tables[0].inputs == (("年齢", Decimal(30)), ("住所", "市外"))
    assert result.tables[0].annotations == (("第4条",),)
    assert result.diagnostics == ()


def test_the_texts_of_the_model_have_no_problems(fees: DecisionModel) -> None:
    assert fees.problems() == ()


def test_boxed_expressions_of_every_kind_are_evaluated(fees: DecisionModel) -> None:
    result = fees.evaluate("世帯", {"家族 全員": [ADULT, CHILD]})
    assert result.value == {
        "大人": Decimal(1),
        "最年長": Decimal(30),
        "区分": "子あり",
        "一覧": [Decimal(42), Decimal("0.2")],
    }


def test_a_service_is_a_function_of_its_inputs(fees: DecisionModel) -> None:
    assert fees.invoke("請求サービス", {"申請者": ADULT}).value == Decimal(450)
    assert fees.parameters("請求サービス") == ("申請者",)
    assert fees.invoke("割引 後", {"額": 100, "率": 0.5}).value == Decimal(50)
    assert fees.invoke("割引 後", {"額": "百", "率": 0.5}).value is None


@pytest.mark.parametrize(
    "applicant", [{"年齢": "三十", "住所 区分": "市外"}, {"年齢": 30, "住所 区分": "海外"}, {"年齢": [30, 40]}, 5]
)
def test_an_input_that_does_not_fit_its_type_is_null_and_named(fees: DecisionModel, applicant: object) -> None:
    result = fees.evaluate("基本額", {"申請者": applicant})
    assert ("type", "申請者") in [(item.code, item.element) for item in result.diagnostics]


def test_a_component_that_was_not_given_is_null(fees: DecisionModel) -> None:
    result = fees.evaluate("世帯", {"家族 全員": [{"年齢": 30}]})
    assert isinstance(result.value, dict)
    assert (result.value["最年長"], result.diagnostics) == (Decimal(30), ())


def test_decisions_in_a_circle_are_null_and_named() -> None:
    body = "".join(
        f'<decision id="{one}" name="{one}"><informationRequirement><requiredDecision href="#{other}"/>'
        f"</informationRequirement><literalExpression><text>{other} + 1</text></literalExpression></decision>"
        for one, other in (("a", "b"), ("b", "a"))
    )
    result = DecisionModel(read_model(document(body))).evaluate("a", {})
    assert (result.value, result.diagnostics[0].code) == (None, "cycle")


def test_only_what_a_decision_requires_is_in_scope() -> None:
    body = (
        '<inputData id="x" name="x"><variable name="x"/></inputData><decision id="d" name="d">'
        "<literalExpression><text>x</text></literalExpression></decision>"
    )
    model = DecisionModel(read_model(document(body)))
    assert model.decide("d", {"x": 1}) is None
    assert [item.code for item in model.problems()] == ["unknown-name"]


@pytest.mark.parametrize(
    "logic",
    [
        '<functionDefinition kind="Java"><formalParameter name="x"/><literalExpression><text>{}</text></literalExpression>'
        "</functionDefinition>",
        '<literalExpression expressionLanguage="http://www.w3.org/1999/XPath"><text>1</text></literalExpression>',
        "<literalExpression><text>function(x) external {}</text></literalExpression>",
    ],
)
def test_what_is_left_out_is_refused_only_when_it_is_reached(logic: str) -> None:
    body = (
        f'<decision id="f" name="f">{logic}</decision><decision id="d" name="d"><informationRequirement>'
        '<requiredDecision href="#f"/></informationRequirement><literalExpression><text>f(1)</text></literalExpression>'
        '</decision><decision id="e" name="e"><literalExpression><text>1</text></literalExpression></decision>'
    )
    model = DecisionModel(read_model(document(body)))
    assert model.decide("e") == Decimal(1)
    with pytest.raises(FeelUnsupportedError):
        model.evaluate("d", {})


def test_imported_models_are_used_under_their_name() -> None:
    main = document(
        '<import name="料金" namespace="urn:other" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
        '<decision id="d" name="d"><informationRequirement><requiredDecision href="urn:other#o"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="urn:other#b"/></knowledgeRequirement>'
        "<literalExpression><text>料金.二倍 する(料金.基本 額)</text></literalExpression></decision>"
    )
    other = document(
        '<inputData id="i" name="税率"><variable name="税率" typeRef="number"/></inputData>'
        '<decision id="o" name="基本 額"><informationRequirement><requiredInput href="#i"/></informationRequirement>'
        "<literalExpression><text>100 * (1 + 税率)</text></literalExpression></decision>"
        '<businessKnowledgeModel id="b" name="二倍 する"><encapsulatedLogic><formalParameter name="x"/>'
        "<literalExpression><text>x * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
    ).replace(b"urn:test", b"urn:other")
    definitions = read_model(main)
    model = DecisionModel(definitions, [read_model(other)])
    for inputs in ({"料金.税率": 0.1}, {"料金": {"税率": 0.1}}, {"{urn:other}税率": 0.1}, {"税率": 0.1}):
        assert model.decide("d", inputs) == Decimal(220)
    with pytest.raises(DmnError, match="取り込むモデル「料金」"):
        DecisionModel(definitions)


def test_an_endless_function_is_null_and_named() -> None:
    body = (
        '<businessKnowledgeModel id="b" name="f"><encapsulatedLogic><formalParameter name="x"/><literalExpression>'
        "<text>f(x + 1)</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
        '<decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>'
        "<literalExpression><text>f(1)</text></literalExpression></decision>"
    )
    result = DecisionModel(read_model(document(body))).evaluate("d", {})
    assert (result.value, result.diagnostics[0].code) == (None, "limit")
