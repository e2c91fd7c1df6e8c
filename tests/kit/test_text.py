import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import text

MIXED = st.text(alphabet="令和5５年度 　\u00a0ICTのA市ー※*１2.，,（）<sup>/¹²m\tx〇漢ｱ\u3099\u200b", max_size=25)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("I C T", "ICT"),
        ("新しい I C T（A I、I o T等）", "新しいICT（AI、IoT等）"),
        ("I C T-B C P", "ICT-BCP"),
        ("R P A 導入業務", "RPA導入業務"),
        ("ア I C T の活用", "ア ICTの活用"),
        ("令和 5 年度", "令和5年度"),
        ("令 和 5 年 度", "令和5年度"),
        ("平成 28 年 12 月 14 日", "平成28年12月14日"),
        ("第 11 条及び第 15 条", "第11条及び第15条"),
        ("約 800 点", "約800点"),
        ("受講者数計 60 人（令和2年度", "受講者数計60人（令和2年度"),
        ("職 員 課", "職員課"),
        ("10,300 時間", "10,300時間"),
    ],
)
def test_words_that_typesetting_split_are_joined(before, after):
    assert text.join_split_words(before) == after


@pytest.mark.parametrize(
    "kept",
    [
        "方針 2 行政内部のデジタル化",
        "5 事業期間",
        "令和5年度 目標",
        "行動 1 人材の確保",
        "氏名\t電話",
        "生活　福祉",
        "Smart City",
        "ア 国の動向",
        "가 나 다",
    ],
)
def test_spaces_that_separate_things_stay(kept):
    assert text.join_split_words(kept) == kept


@given(MIXED)
def test_joining_removes_nothing_but_spaces(given_text):
    joined = text.join_split_words(given_text)
    assert joined.replace(" ", "").replace("\u00a0", "") == given_text.replace(" ", "").replace("\u00a0", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SNS¹や", "SNSや"),
        ("RPA⁴、", "RPA、"),
        ("アーカイブ ¹² の", "アーカイブ の"),
        ("22¹⁴種類", "22種類"),
        ("計画※」の", "計画」の"),
        ("クラウド*16の", "クラウドの"),
        ("クラウド＊１６の", "クラウドの"),
        ("用語<sup>*16</sup>と", "用語と"),
        ("用語<sup>※</sup>", "用語"),
        ("面積 10m²の", "面積 10m²の"),
        ("10 m<sup>2</sup>", "10 m²"),
        ("¹ ソーシャルネットワーク", "¹ ソーシャルネットワーク"),
        ("※当該端末を用いて", "※当該端末を用いて"),
        ("*16 用語", "*16 用語"),
    ],
)
def test_marks_that_point_to_a_note_go_and_the_rest_stays(before, after):
    assert text.strip_footnote_marks(before) == after


def test_digits_and_what_stands_between_them_become_half_width():
    assert text.normalise_digits("１，２３４．５、Ａ．") == "1,234.5、Ａ．"


@given(MIXED)
def test_narrowing_digits_keeps_every_place(given_text):
    assert len(text.normalise_digits(given_text)) == len(given_text)


@given(MIXED)
def test_squashing_leaves_single_spaces_inside_only(given_text):
    squashed = text.squash_spaces(given_text)
    assert squashed == " ".join(squashed.split())
    assert text.squash_spaces(squashed) == squashed
    assert not set(squashed) & set("　\u00a0\u200b\t")


@given(MIXED, st.integers(0, 40))
def test_clamped_text_fits_and_is_cut_only_when_it_must_be(given_text, width):
    clamped = text.clamp(given_text, width)
    assert text.display_width(clamped) <= width
    if text.display_width(given_text) <= width:
        assert clamped == given_text


def test_widths_are_those_of_a_japanese_terminal():
    assert text.display_width("aア漢ｱ") == 1 + 2 + 2 + 1
    assert text.display_width("か\u3099") == 2
    assert text.clamp("小田原市のデジタル化", 10) == "小田原市…"
    assert text.pad("漢", 4) + "|" == "漢  |"
    assert text.pad("漢字漢字", 4) == "漢字漢字"


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Ａ I 導入／（試行）", "a-i-導入-試行"), ("カード ", "カード"), ("???", "item"), ("", "item"), ("a__b", "a-b")],
)
def test_slugs_keep_japanese_letters(name, slug):
    assert text.slug(name) == slug


@given(st.text(max_size=80))
def test_a_slug_of_a_slug_is_the_slug_and_needs_no_escaping_of_marks(given_text):
    slug = text.slug(given_text)
    assert slug
    assert len(slug) <= 60
    assert not set(slug) & set("/?#%&=<>\"' ")
    assert text.slug(slug) == slug


@given(MIXED)
def test_phrases_join_to_the_text(given_text):
    assert "".join(text.phrases(given_text)) == given_text


def test_phrases_are_where_a_reader_would_break_the_line():
    assert text.phrases("今日は天気がいいです。") == ["今日は", "天気が", "いいです。"]
    assert text.phrases("") == []


def test_phrases_of_plain_japanese_are_where_its_spaces_are():
    said = "川の 近くに いる人は、みんな すぐに にげてください。"
    assert text.phrases(said) == ["川の ", "近くに ", "いる人は、", "みんな ", "すぐに ", "にげてください。"]
    assert text.phrases("レベル4 にげてください：川の 水が あふれる")[1] == "にげてください："
    assert "避難してください。" in text.phrases("避難指示 川の近くにいる人はただちに安全な場所へ避難してください。")


def test_long_hostile_texts_are_worked_on_in_reasonable_time():
    started = time.perf_counter()
    for hostile in ("a b " * 20_000, "word " * 20_000, "<sup>" + " " * 50_000, "漢 " * 20_000, "※*" * 20_000):
        text.join_split_words(hostile)
        text.strip_footnote_marks(hostile)
        text.squash_spaces(hostile)
    assert time.perf_counter() - started < 5
