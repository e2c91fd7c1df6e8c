"""What people type is read as they mean it, and shown again where it cannot be read."""

from __future__ import annotations

import pytest

from madoguchi.procedures.rules.forms import change_rows, file_inputs, parse_step, row_action
from madoguchi.procedures.rules.forms.posting import RowAction

from .forms_shared import ask, definition_of, every_component


def read(field: dict, **data: str | list[str]) -> object:
    """The answer to one field, out of the POST of its step."""
    step = definition_of(field).form.steps[0]
    post = {name.replace("__", "."): value if isinstance(value, list) else [value] for name, value in data.items()}
    return parse_step(step, post, "ja")[field["code"]]


@pytest.mark.parametrize(
    ("component", "typed", "answer"),
    [
        ("integer", "１，２００", 1200),
        ("integer", "−3", -3),
        ("integer", "十人", "十人"),
        ("integer", "9" * 30, "9" * 30),
        ("number", "１２．５", 12.5),
        ("number", "3.0", 3),
        ("money", "1,200円", 1200),
        ("money", "金壱百万円也", 1_000_000),
        ("date", "令和8年11月20日", "2026-11-20"),
        ("date", "R8.11.20", "2026-11-20"),
        ("date", "令和8年11月", "令和8年11月"),
        ("time", "９時３０分", "09:30"),
        ("time", "午後1時", "13:00"),
        ("time", "25:00", "25:00"),
        ("phone", "０４６３（２３）１１１１", "0463-23-1111"),
        ("phone", "09012345678", "090-1234-5678"),
        ("phone", "090ー1234ー5678", "090-1234-5678"),
        ("email", "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"),
        ("corporate_number", "８-０００-０２０-１４２-０３４", "8000020142034"),
        ("yes_no", "yes", True),
        ("yes_no", "no", False),
        ("consent", "yes", True),
        ("text", "　前後の空白　", "前後の空白"),
        ("textarea", "a\r\nb", "a\nb"),
        ("text", "", None),
    ],
)
def test_a_text_is_read_as_it_is_meant(component: str, typed: str, answer: object) -> None:
    assert read(ask("x", component), x=typed) == answer


@pytest.mark.parametrize(
    ("era", "year", "answer"),
    [
        ("昭和", "６０", "1985-04-01"),
        ("平成", "元", "1989-04-01"),
        ("西暦", "1985", "1985-04-01"),
        ("", "S60", "1985-04-01"),
        ("西暦", "令和2年", "2020-04-01"),
        ("昭和", "1985", "1985-04-01"),
    ],
)
def test_a_birth_date_is_read_in_every_way_years_are_counted(era: str, year: str, answer: str) -> None:
    born = {"x__era": era, "x__year": year, "x__month": "４", "x__day": "1日"}
    assert read(ask("x", "birth_date"), **born) == answer


def test_a_date_that_does_not_exist_stays_as_typed() -> None:
    typed = {"year": "2026", "month": "2", "day": "30"}
    assert read(ask("x", "date"), **{f"x__{part}": text for part, text in typed.items()}) == typed


def test_a_name_is_kept_to_the_last_variation_selector() -> None:
    # U+FA19 and the selector would be lost by any normalisation; hiragana readings become katakana all the same.
    name = {"x__family": " 渡邉󠄁 ", "x__given": "\ufa19", "x__family_kana": "わたなべ", "x__given_kana": "ｶﾞﾝ"}
    assert read(ask("x", "person_name"), **name) == {
        "family": "渡邉󠄁",
        "given": "\ufa19",
        "family_kana": "ワタナベ",
        "given_kana": "ガン",
    }


def test_an_address_gets_its_hyphens_and_keeps_the_building() -> None:
    answer = read(ask("x", "address"), x__postal_code="２５４００４１", x__street="９−１", x__building="メゾン２０３")
    assert answer == {"postal_code": "254-0041", "street": "9-1", "building": "メゾン２０３"}


def test_a_bank_is_found_by_its_name_and_a_short_number_is_filled_up() -> None:
    answer = read(
        ask("x", "bank_account"),
        x__bank="みずほ銀行",
        x__branch="東京営業部",
        x__kind="普通",
        x__number="１２３４５",
        x__holder_kana="ひらつか はなこ",
    )
    assert answer == {
        "bank": "0001",
        "branch": "001",
        "kind": "普通",
        "number": "0012345",
        "holder_kana": "ヒラツカ ハナコ",
    }


def test_a_bank_that_is_not_sure_stays_as_typed() -> None:
    assert read(ask("x", "bank_account"), x__bank="みずほ信用") == {"bank": "みずほ信用"}


def test_choices_come_in_the_order_of_the_options_and_once() -> None:
    assert read(ask("x", "choices"), x=["", "own", "rent", "own"]) == ["rent", "own"]
    assert read(ask("x", "choices"), x=[""]) is None


def test_a_field_that_was_not_on_the_page_is_not_answered() -> None:
    step = definition_of(ask("x"), ask("y")).form.steps[0]
    assert parse_step(step, {"x": ["1"]}, "ja") == {"x": "1"}


def test_rows_are_read_in_their_order_whatever_their_numbers() -> None:
    field = ask("kids", "group", fields=[ask("age", "integer"), ask("name", "person_name")])
    data = {"kids.10.age": ["7"], "kids.2.age": ["５"], "kids.2.name.family": ["平塚"], "kids.x.age": ["9"]}
    step = definition_of(field).form.steps[0]
    assert parse_step(step, data, "ja") == {"kids": [{"age": 5, "name": {"family": "平塚"}}, {"age": 7}]}


def test_a_row_can_be_added_and_removed_without_javascript() -> None:
    step = definition_of(ask("kids", "group", fields=[ask("age", "integer")], maximum_rows=3)).form.steps[0]
    added = change_rows(step, {"kids": [{"age": 1}]}, row_action({"do": ["add:kids"]}))
    assert added == {"kids": [{"age": 1}, {}]}
    removed = change_rows(step, {"kids": [{"age": 1}, {"age": 2}]}, row_action({"do": ["remove:kids.0"]}))
    assert removed == {"kids": [{"age": 2}]}
    full = {"kids": [{}, {}, {}]}
    assert change_rows(step, full, RowAction("add", "kids")) == full


@pytest.mark.parametrize(
    "pressed", ["", "add", "remove:kids", "remove:kids.x", "drop:kids", "add:../x", "add:" + "a" * 300]
)
def test_a_made_up_action_does_nothing(pressed: str) -> None:
    assert row_action({"do": [pressed]}) is None


def test_a_file_can_be_taken_off_inside_a_row() -> None:
    step = definition_of(ask("kids", "group", fields=[ask("proof", "file")])).form.steps[0]
    answers = {"kids": [{"proof": [{"file": "1"}, {"file": "2"}]}]}
    changed = change_rows(step, answers, row_action({"do": ["detach:kids.0.proof:1"]}))
    assert changed == {"kids": [{"proof": [{"file": "2"}]}]}


def test_every_place_for_a_file_is_known() -> None:
    step = definition_of(*every_component()).form.steps[0]
    found = [(path, name) for path, _field, name in file_inputs(step, {"group": [{}, {}]})]
    assert found == [
        ("file", "file"),
        ("signature", "signature.image"),
        ("group.0.proof", "group.0.proof"),
        ("group.1.proof", "group.1.proof"),
    ]
