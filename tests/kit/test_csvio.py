import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit.csvio import CsvError, guard_cell, read_csv, write_csv

CELL = st.text(alphabet="あ漢a1 ,\"\n'-=@+％x", max_size=8).map(str.strip)
SAFE = CELL.filter(lambda cell: guard_cell(cell) == cell)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("名前,番号\n渡辺,1".encode(), "utf-8"),
        (codecs.BOM_UTF8 + "名前,番号\n渡辺,1".encode(), "utf-8-sig"),
        ("名前,番号\r\n渡辺,1\r\n".encode("cp932"), "cp932"),
        ("名前\t番号\n渡辺\t1".encode("utf-16"), "utf-16"),
    ],
)
def test_the_encodings_of_offices_are_told_apart(content, encoding):
    table = read_csv(content)
    assert table.encoding == encoding
    assert table.header == ("名前", "番号")
    assert [(row.line, row["名前"], row["番号"]) for row in table.rows] == [(2, "渡辺", "1")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_with_a_nul_is_no_text(encoding):
    with pytest.raises(CsvError, match="文字のファイルではありません"):
        read_csv("a,b\nx,y\0z\n".encode(encoding))


def test_rows_know_their_line_across_line_breaks_and_empty_lines():
    table = read_csv(b'a,b\n\n"x\ny",1\n,\nz,2\n')
    assert [(row.line, row["a"]) for row in table.rows] == [(3, "x\ny"), (6, "z")]


def test_a_row_of_the_wrong_length_is_listed_and_the_others_are_read():
    table = read_csv(b"a,b\n1\n1,2\n1,2,3\n")
    assert [row.line for row in table.rows] == [3]
    assert [(problem.line, str(problem)[:4]) for problem in table.problems] == [(2, "2行目:"), (4, "4行目:")]


def test_empty_cells_at_the_end_are_what_spreadsheets_leave():
    table = read_csv(b"a,b,,\n1,2,,\n3,,,\n")
    assert [row.cells for row in table.rows] == [{"a": "1", "b": "2"}, {"a": "3", "b": ""}]
    assert table.problems == ()


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", None, "空です"),
        (b"\n\n", None, "空です"),
        (b"PK\x03\x04\x00\x00", None, "文字のファイルではありません"),
        (b"a,b\n1,2\n\x81\xff\xff,3\n", 3, "文字コードが分かりません"),
        (codecs.BOM_UTF8 + b"a\n\x81\n", 2, "utf-8-sig"),
        (b'a,b\n1,2\n"x,1\n', 3, "引用符"),
        (b"a,a\n", 1, "2つ以上"),
        (b"a,,b\n", 1, "2列目の見出しが空"),
        (b"a,b\n1,2", 1, "必要な列がありません: 番号"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(content, line, message):
    with pytest.raises(CsvError, match=message) as caught:
        read_csv(content, required=["a", "番号"] if "必要" in message else ())
    assert caught.value.line == line


def test_files_beyond_the_limits_are_refused():
    with pytest.raises(CsvError, match="大きすぎます"):
        read_csv(b"a\n" * 100, max_bytes=50)
    with pytest.raises(CsvError, match="4行目: 行数が多すぎます"):
        read_csv(b"a\n1\n2\n3\n", max_rows=2)


@given(st.lists(st.tuples(SAFE, SAFE).filter(any), max_size=5), st.sampled_from(["utf-8", "utf-8-sig", "cp932"]))
def test_what_is_written_is_read_back(rows, encoding):
    table = read_csv(write_csv(["見出し", "b"], rows, encoding=encoding))
    assert [tuple(row.cells.values()) for row in table.rows] == rows


@given(CELL)
def test_no_text_cell_is_left_that_a_spreadsheet_would_run(cell):
    guarded = guard_cell(cell)
    assert guarded in (cell, f"'{cell}")
    if guarded[:1] in tuple("=+-@＝＋－＠"):
        float(guarded.replace(",", "").rstrip("%"))


@pytest.mark.parametrize("cell", ["=1+1", "+81-3", "@SUM(A1)", "-2+3", "\t=1", " =1", "＝1", "-x"])
def test_formulas_are_disarmed(cell):
    assert write_csv(["a"], [[cell]], encoding="utf-8").decode().splitlines()[1].lstrip('"').startswith("'")
    assert write_csv(["a"], [[cell]], encoding="utf-8", guard=False).decode().splitlines()[1].lstrip('"') != f"'{cell}"


def test_numbers_stay_numbers_and_nothing_is_empty():
    assert write_csv(["a", "b", "c"], [[-5, "-1,200.5%", None]], encoding="utf-8") == b'a,b,c\r\n-5,"-1,200.5%",\r\n'
    assert write_csv(["a"], []).startswith(codecs.BOM_UTF8)


def test_what_cannot_be_written_says_which_line():
    with pytest.raises(CsvError, match="3行目: 「𠮷」（U\\+20BB7）"):
        write_csv(["a"], [["吉"], ["𠮷"]], encoding="cp932")
    with pytest.raises(CsvError, match="2行目: 列の数"):
        write_csv(["a"], [["1", "2"]])
