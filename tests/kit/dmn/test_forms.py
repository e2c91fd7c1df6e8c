"""XML and JSON: every model comes back as it went, the XML is valid, and hostile documents are refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from madoguchi.kit.dmn import (
    Aggregation,
    DecisionModel,
    DecisionTable,
    Definitions,
    DmnError,
    HitPolicy,
    InputClause,
    OutputClause,
    Rule,
    definitions_of_table,
    from_json,
    read_file,
    read_model,
    to_json,
    write_model,
)
from madoguchi.kit.dmn.compatibility import check_folders
from madoguchi.kit.dmn.xml_safe import SIZE_MAX
from tests.kit.dmn.models import FEES, document
from tests.shared import shared_path

_CELLS = st.sampled_from(["-", "> 18", '"市内","市外"', "[1..10)", "not(5)", "? < 3 & x", '"<&>"', "null", ""])
_NAMES = st.text("abcあ年齢 _1", min_size=1, max_size=8).map(lambda name: " ".join(name.split())).filter(bool)


@st.composite
def tables(draw: st.DrawFn) -> DecisionTable:
    ins, outs = draw(st.integers(0, 3)), draw(st.integers(1, 3))
    notes = draw(st.integers(0, 1))
    cells = lambda count: st.lists(_CELLS, min_size=count, max_size=count).map(tuple)  # noqa: E731  # a strategy
    rules = st.builds(Rule, inputs=cells(ins), outputs=cells(outs), annotations=cells(notes))
    return DecisionTable(
        inputs=tuple(InputClause(expression=draw(_NAMES), label=draw(_NAMES), values=draw(_CELLS)) for _ in range(ins)),
        outputs=tuple(OutputClause(name=draw(_NAMES), values=draw(_CELLS), default=draw(_CELLS)) for _ in range(outs)),
        rules=tuple(draw(st.lists(rules, max_size=4))),
        hit_policy=draw(st.sampled_from(HitPolicy)),
        aggregation=draw(st.sampled_from(Aggregation)),
        annotations=tuple(draw(_NAMES) for _ in range(notes)),
    )


@given(tables(), _NAMES)
def test_a_table_goes_through_json_unchanged(table: DecisionTable, name: str) -> None:
    assert from_json(json.loads(json.dumps(to_json(table))), DecisionTable) == table
    definitions = definitions_of_table(name=name, table=table)
    assert from_json(json.loads(json.dumps(to_json(definitions))), Definitions) == definitions


@given(tables(), _NAMES)
def test_a_table_goes_through_xml_unchanged(table: DecisionTable, name: str) -> None:
    definitions = definitions_of_table(name=name, table=table)
    assert read_model(write_model(definitions)) == definitions


def test_a_model_of_every_element_goes_through_both_forms_unchanged() -> None:
    definitions = read_model(document(FEES))
    assert from_json(to_json(definitions), Definitions) == definitions
    again = read_model(write_model(definitions))
    assert again == definitions
    inputs = {"申請者": {"年齢": 30, "住所 区分": "市外"}, "家族 全員": [{"年齢": 3, "住所 区分": "市内"}]}
    for decision in definitions.decisions():
        one, other = DecisionModel(definitions), DecisionModel(again)
        assert one.decide(decision.name, inputs) == other.decide(decision.name, inputs)


@pytest.mark.shared
def test_written_models_are_valid_dmn_1_5() -> None:
    schema = etree.XMLSchema(etree.parse(shared_path("data", "dmn", "xsd", "DMN15.xsd")))
    for definitions in [read_model(document(FEES)), *map(read_file, _models())]:
        schema.assertValid(etree.fromstring(write_model(definitions)))


@pytest.mark.shared
def test_written_models_decide_what_the_read_ones_decide(tmp_path: Path) -> None:
    for path in _models():
        folder = tmp_path / path.parent.name
        folder.mkdir()
        (folder / path.name).write_bytes(write_model(read_file(path)))
        for case in path.parent.glob("*-test-*.xml"):
            (folder / case.name).write_bytes(case.read_bytes())
    results = check_folders([tmp_path])
    assert len(results) > 80
    assert [result for result in results if not result.passed] == []


def _models() -> list[Path]:
    return sorted(shared_path("data", "dmn").glob("*/*.dmn"))


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    ],
)
def test_other_versions_are_read(namespace: str) -> None:
    older = document(FEES).replace(b"https://www.omg.org/spec/DMN/20230324/MODEL/", namespace.encode())
    assert read_model(older) == read_model(document(FEES))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "broken"),
        (b"<a>", "broken"),
        (b"\x00\x01\x02", "broken"),
        (b"<definitions/>", "not-dmn"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "doctype"),
        (b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>', "doctype"),
        (document('<inputData id="a" name="a"/><inputData id="a" name="b"/>'), "duplicate-id"),
        (document('<decision id="d" name="d"><decisionTable hitPolicy="LAST"/></decision>'), "hit-policy"),
        (document('<decision id="d" name="d">' + "<list>" * 60 + "</list>" * 60 + "</decision>"), "too-deep"),
        (b" " * (SIZE_MAX + 1), "too-large"),
    ],
)
def test_documents_that_are_no_models_are_refused(content: bytes, code: str) -> None:
    with pytest.raises(DmnError) as caught:
        read_model(content)
    assert caught.value.code == code


def test_identifiers_that_xml_forbids_are_replaced_everywhere() -> None:
    definitions = read_model(document('<inputData id="a" name="a"/>'))
    data = to_json(definitions_of_table(name="d", table=DecisionTable(inputs=(), outputs=(OutputClause(name="x"),))))
    odd = json.loads(json.dumps(data).replace('"decision"', '"1 決定"'))
    again = read_model(write_model(from_json(odd, Definitions)))
    assert again.decisions()[0].id == "_element1"
    assert definitions.elements[0].id == "a"


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "x",
        {},
        {"is": "os"},
        {"is": "Rule"},
        {"is": "DecisionTable", "inputs": [], "outputs": [], "more": 1},
        {"is": "DecisionTable", "inputs": [1], "outputs": []},
        {"is": "DecisionTable", "inputs": [], "outputs": [], "hit_policy": "LAST"},
        {"is": "DecisionTable", "inputs": [], "outputs": {}},
        {"is": "Rule", "inputs": ["1"], "outputs": ["1"]},
    ],
)
def test_json_that_is_no_table_is_refused(data: object) -> None:
    with pytest.raises(DmnError):
        from_json(data, DecisionTable)
