"""The bytes of a file as numbered lines and tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import (
    MAX_BYTES,
    MAX_LINE,
    MAX_LINES,
    Document,
    SourceLine,
    Table,
    find_tables,
    is_table_row,
    iter_blocks,
    load_document,
)


def document(text: str) -> Document:
    return load_document(text.encode())


def test_lines_are_numbered_as_an_editor_shows_them() -> None:
    read = document("一行目\n\n三行目\x0cまだ三行目\u2028まだ三行目\r\n四行目\n")
    assert [line.number for line in read.lines] == [1, 2, 3, 4]
    assert read.text(3) == "三行目\x0cまだ三行目\u2028まだ三行目"
    assert read.text(4) == "四行目"
    assert read.text(5) == ""


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r\ufeff")))
def test_every_text_gives_back_its_own_lines(text: str) -> None:
    try:
        read = document("見出し\n" + text)
    except DocumentError:
        return
    assert "\n".join(line.raw for line in read.lines) == ("見出し\n" + text).removesuffix("\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_common_encodings_are_read(encoding: str) -> None:
    assert load_document("推進計画\t第一章".encode(encoding)).text(1) == "推進計画\t第一章"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文字がありません"),
        (b" \n\t\n", "文字がありません"),
        ("計画\n本文\0".encode(), "2行目"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "テキストではない"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04abc", "テキスト形式"),
        ("計画\n".encode() + b"\xff\xff\xff", "2行目: 文字コード"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f" * 4, "テキストではない"),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(DocumentError, match=words):
        load_document(data)


def test_a_file_over_fifty_megabytes_is_refused() -> None:
    with pytest.raises(DocumentError, match="50 MB"):
        load_document(bytes(MAX_BYTES + 1))


def test_a_file_longer_than_any_plan_is_refused_before_readers_sit_over_it() -> None:
    with pytest.raises(DocumentError, match="50001行目: 50,000行を超えています"):
        load_document(b"a\tb\n" * (MAX_LINES + 1))
    with pytest.raises(DocumentError, match="2行目: 1行が100,000字を超えています"):
        load_document(b"a\n" + b"a" * (MAX_LINE + 1))


def test_a_table_is_a_run_of_lines_with_tabs() -> None:
    read = document("見出し\n甲\t乙\n丙\t丁\n\n戊\t己\n終わり")
    assert [(table.first_line, len(table.rows)) for table in find_tables(read)] == [(2, 2), (5, 1)]
    assert find_tables(read)[0].rows[1].cells == ("丙", "丁")
    assert is_table_row("甲\t")
    assert not is_table_row("甲 乙")
    kinds = [type(block) for block in iter_blocks(read)]
    assert kinds == [SourceLine, Table, SourceLine, Table, SourceLine]


def test_a_row_torn_inside_a_paragraph_is_one_row() -> None:
    read = document("内容\t<p>前半\n後半</p>\t備考\n次\t行")
    rows = find_tables(read)[0].rows
    assert [row.line for row in rows] == [1, 3]
    assert rows[0].clean == ("内容", "前半\n後半", "備考")
    assert rows[0].last_line == 2


def test_a_paragraph_that_is_never_closed_swallows_no_other_row() -> None:
    read = document("内容\t<p>閉じない\n次\t行\n\n本文")
    assert [row.line for row in find_tables(read)[0].rows] == [1, 2]


@given(st.lists(st.sampled_from(["", "本文", "甲\t乙", "甲\t<p>切れた", "続き</p>\t丙", "\t\t", "<p>\t"]), max_size=30))
def test_blocks_cover_every_line_once(lines: list[str]) -> None:
    read = document("始め\n" + "\n".join(lines))
    covered: list[int] = []
    for block in iter_blocks(read):
        if isinstance(block, Table):
            covered += [number for row in block.rows for number in range(row.line, row.last_line + 1)]
        else:
            covered.append(block.number)
    assert covered == [line.number for line in read.lines]


@given(
    st.lists(st.sampled_from(["本文", "甲\t乙", "丙\t丁", ""]), max_size=20),
    st.lists(st.tuples(st.integers(1, 20), st.sampled_from(["place", "ignore", "unplaced", "warn"])), max_size=20),
)
def test_the_ledger_lists_every_row_that_nobody_settled(lines: list[str], steps: list[tuple[int, str]]) -> None:
    read = document("始め\n" + "\n".join(lines))
    ledger = Ledger(read)
    for line, step in steps:
        getattr(ledger, step)(line, "理由")
    result = ledger.result(reader="x", plans=[])
    rows = {row.line for table in find_tables(read) for row in table.rows}
    settled = {line for line, step in steps if step != "warn"}
    assert {item.line for item in result.unplaced} - {
        line for line, step in steps if step == "unplaced"
    } == rows - settled
    assert rows <= {item.line for group in (result.placed, result.ignored, result.unplaced) for item in group}


def test_the_ledger_keeps_the_text_of_the_line_for_the_reviewer() -> None:
    ledger = Ledger(document("甲\t乙\n"))
    ledger.unplaced(1, "理由")
    ledger.unplaced(1, "別の理由", text="乙")
    assert [(item.text, item.reason) for item in ledger.result(reader="x", plans=[]).unplaced] == [
        ("甲｜乙", "理由"),
        ("乙", "別の理由"),
    ]
