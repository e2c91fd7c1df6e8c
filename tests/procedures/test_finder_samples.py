"""The sample procedures: complete, in three languages, free of the linter's errors, true to their own tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from madoguchi.kit.feel import compile_unary_tests
from madoguchi.procedures.api import load_demonstration_procedures, published_definitions
from madoguchi.procedures.models import Procedure
from madoguchi.procedures.rules.blocks import BlockError, expand, fill
from madoguchi.procedures.rules.definition import Definition, Text, read_definition
from madoguchi.procedures.rules.finder.events import CATEGORIES, LIFE_EVENTS
from madoguchi.procedures.rules.finder.questions import QUESTIONS
from madoguchi.procedures.rules.lint import lint
from madoguchi.procedures.rules.testing import run_tests
from madoguchi.procedures.services.samples import sample_documents
from madoguchi.trust.api import Municipality, acting_for
from tests.plan.factories import make_city

CITY = Municipality(key="minato", name="港市", name_en="Minato City", prefecture="東京都", phone="03-0000-0000")
SAMPLES = {document["code"]: read_definition(document) for document in sample_documents(CITY)}
samples = pytest.mark.parametrize("definition", SAMPLES.values(), ids=SAMPLES.keys())


def texts(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name))


def test_there_are_at_least_forty_of_the_kinds_a_city_has() -> None:
    assert len(SAMPLES) >= 40
    assert {event for definition in SAMPLES.values() for event in definition.life_events} >= set(LIFE_EVENTS)


@samples
def test_a_sample_has_no_error_and_passes_its_own_tests(definition: Definition) -> None:
    assert [finding for finding in lint(definition) if finding.severity == "error"] == []
    assert len(definition.tests) >= 2
    assert [result for result in run_tests(definition) if not result.passed] == []


@samples
def test_a_sample_says_everything_a_start_page_needs(definition: Definition) -> None:
    assert definition.laws
    assert definition.keywords
    assert definition.faq
    assert definition.minutes.before >= definition.minutes.after > 0
    assert definition.category in CATEGORIES
    assert set(definition.life_events) <= set(LIFE_EVENTS)
    for text in (definition.name, definition.summary, definition.who, definition.when, definition.fee_text):
        assert text.ja
        assert text.easy
        assert text.en


@samples
def test_a_sample_asks_the_finder_only_what_its_vocabulary_knows(definition: Definition) -> None:
    for condition in definition.finder:
        assert condition.question in QUESTIONS
        compile_unary_tests(condition.test)
        assert condition.reason.ja
        named = set(condition.test.split('"')[1::2])  # a misspelt code would never hold
        assert named <= {choice.code for choice in QUESTIONS[condition.question].choices}


@samples
def test_no_text_of_a_sample_has_a_placeholder_left(definition: Definition) -> None:
    for text in texts(definition):
        for line in (text.ja, text.easy, text.en):
            assert "{city}" not in line
            assert "{phone}" not in line


def test_blocks_are_put_in_place_with_their_changes() -> None:
    blocks = {"name": {"code": "name", "required": True}, "both": [{"$use": "name"}, {"code": "phone"}]}
    assert expand({"fields": [{"$use": "both"}, {"$use": "name", "required": False}]}, blocks) == {
        "fields": [{"code": "name", "required": True}, {"code": "phone"}, {"code": "name", "required": False}]
    }
    assert expand({"files": {"$use": "both"}}, blocks) == {
        "files": [{"code": "name", "required": True}, {"code": "phone"}]
    }


@pytest.mark.parametrize("document", [{"$use": "missing"}, {"$use": "loop"}, [{"$use": "list", "code": "x"}]])
def test_a_block_that_does_not_fit_is_refused(document: Any) -> None:
    with pytest.raises(BlockError):
        expand(document, {"loop": {"inner": {"$use": "loop"}}, "list": [1]})


def test_placeholders_take_the_english_name_in_english_texts_only() -> None:
    filled = fill({"name": {"ja": "{city}の{x}", "en": "of {city}"}}, {"city": "港市"}, {"city": "Minato"})
    assert filled == {"name": {"ja": "港市の{x}", "en": "of Minato"}}


@pytest.mark.database
def test_loading_publishes_each_sample_once_and_for_this_city_alone(db) -> None:
    first, second = make_city("minato"), make_city("aoba")
    codes = {"residence-certificate", "move-in"}
    with acting_for(first):
        assert load_demonstration_procedures(codes=codes) == 2
        assert load_demonstration_procedures(codes=codes) == 0
        assert {version.procedure.code for version in published_definitions()} == codes
        assert "minato市" in published_definitions()[0].definition.who.ja
    with acting_for(second):
        assert not Procedure.objects.exists()
