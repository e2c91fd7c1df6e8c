"""Fragments of documents as plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.plan.rules.reading.markup import clean_text, list_items, squash, unwrap


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("I C T の推進とR P A・A I", "ICTの推進とRPA・AI"),
        ("I o T技術", "IoT技術"),
        ("令和 5 年度から令和 ７ 年度", "令和5年度から令和7年度"),
        ("平成 29 年 5 月 30 日", "平成29年5月30日"),
        ("１２，３４５ＡＢＣ％", "12，345ABC%"),
        ("<p>前半</p> <p>後半</p>", "前半\n後半"),
        ("一行目<br>二行目<br/>三行目", "一行目\n二行目\n三行目"),
        ('<ul style="x"> <li>甲</li> <li>乙</li> </ul>', "甲\n乙"),
        ("&lt;甲&gt;&amp;&nbsp;乙", "<甲>& 乙"),
        ("保存<sup>*16</sup>の研究", "保存の研究"),
        ("保存 <sup>*16</sup> の研究", "保存の研究"),
        ("カード※の交付", "カードの交付"),
        ("KGI※21 (Key Goal)", "KGI (Key Goal)"),
        ("相談 ¹² の拡大", "相談の拡大"),
        ("22¹⁴種類", "22種類"),
        ("面積100m²", "面積100m²"),
        ("AI [※] の活用", "AIの活用"),
        ("看板(*)による案内 ^(*) です", "看板による案内 です"),
        (r"\*15 脚注", "脚注"),
        ("(※月平均)", "(月平均)"),
        ("<事業区分A(重点事業)>", "<事業区分A(重点事業)>"),
        ('<input checked="" type="checkbox"/> 甲 <input type="checkbox"/> 乙', "■ 甲 □ 乙"),
        ("見え\u200bない\u00ad字\ufeff", "見えない字"),
        ("10 人や国の不平等をなくそう", "10 人や国の不平等をなくそう"),
        ("348 件", "348件"),
        ("農政課 税務課", "農政課 税務課"),
        ("第 5 次計画", "第5次計画"),
        ("\u3000前後\u3000", "前後"),
    ],
)
def test_cells_become_plain_text(raw: str, plain: str) -> None:
    assert clean_text(raw) == plain


@given(st.text("令和5年度 ICT<p>/li※*¹(）・　\n\tあ１％&;", max_size=60))
def test_plain_text_has_no_markup_left_and_no_edges(text: str) -> None:
    plain = clean_text(text)
    assert not any(mark in plain for mark in ("<p>", "\t", "※"))
    assert all(line == line.strip() and line for line in plain.split("\n")) or plain == ""


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=80))
def test_no_text_breaks_the_cleaning(text: str) -> None:
    assert isinstance(unwrap(text), str)
    assert all(item.strip() for item in list_items(text))
    assert "\n" not in squash(text)


def test_items_are_told_by_elements_and_by_bullets() -> None:
    assert list_items('<ul style="x"> ・甲の推進 ・モノ・コトの研究 ・丙 ') == ["甲の推進", "モノ・コトの研究", "丙"]
    assert list_items("<li>・甲</li><li>乙</li>") == ["甲", "乙"]
    assert list_items("一つだけ") == ["一つだけ"]
    assert list_items("") == []


def test_headings_lose_all_spaces_and_labels_only_torn_ones() -> None:
    assert squash("指 標") == "指標"
    assert squash("成果指標の\n説明") == "成果指標の説明"
    assert unwrap("活用事例 数 (累計)") == "活用事例数 (累計)"
