import csv
import gzip
import unicodedata
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import kanji, names
from madoguchi.kit.names import LossKind, has_unencodable, print_form, search_key, variants
from tests.shared import shared_path

IVS = "\U000e0100"
NAME_CHARACTERS = (
    "渡邉邊辺髙高島嶋﨑崎𠮷吉斎齋藤々〻ヶケがガｶﾞーｰ・ ァアヴゞヽ々Ａaé①㈱\ufa19\ufe00\U000e0100\u3099\u200b\ue000〓𛀂"
)
JAPANESE = st.one_of(st.text(alphabet=NAME_CHARACTERS, max_size=12), st.text(max_size=8))


class TestSearchKey:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("渡邉", "渡辺"),
            ("渡邊", "渡辺"),
            ("髙島屋", "高島屋"),
            ("𠮷野家", "吉野家"),
            ("山﨑", "山崎"),
            ("辻" + IVS, "辻"),
            ("邉" + IVS, "辺"),
            ("齋藤", "斎藤"),
            ("佐々木", "佐佐木"),
            ("\ufa19田", "神田"),
            ("わたなべ", "ﾜﾀﾅﾍﾞ"),
            ("オーノ", "オノ"),
            ("キャノン", "キヤノン"),
            ("ミヅキ", "みずき"),
            ("みすゞ", "ミスズ"),
            ("龍ヶ崎", "竜ケ崎"),
            ("渡辺 太郎", "渡辺\u3000太郎"),
            ("O'Brien", "ＯＢＲＩＥＮ"),
            ("マリア・ルイサ", "マリア ルイサ"),
            ("𛀆ち", "イチ"),
        ],
    )
    def test_writings_of_one_name_share_a_key(self, one, other):
        assert search_key(one) == search_key(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [("斎藤", "斉藤"), ("王", "玉"), ("教師", "教帥"), ("図書", "図昼"), ("功", "切"), ("佐藤", "佐祐")],
    )
    def test_different_names_keep_different_keys(self, one, other):
        assert search_key(one) != search_key(other)

    @given(JAPANESE)
    def test_the_key_of_a_key_is_the_key(self, text):
        assert search_key(search_key(text)) == search_key(text)

    @given(st.text(alphabet=NAME_CHARACTERS, max_size=8))
    def test_normalising_or_widening_a_name_does_not_change_its_key(self, text):
        assert search_key(unicodedata.normalize("NFC", text)) == search_key(text)
        assert search_key(f" {text}\u3000") == search_key(text)


class TestPrintForm:
    def test_what_the_profile_has_is_printed_as_stored(self):
        form = print_form("渡邉 太郎", "x0208")
        assert form.text == "渡邉 太郎"
        assert form.is_lossless

    def test_a_lost_character_is_reported_with_its_place(self):
        form = print_form("山﨑𠮷", "x0208")
        assert form.text == "山崎吉"
        assert form.losses == (
            names.Loss(1, "﨑", "崎", LossKind.SUBSTITUTED),
            names.Loss(2, "𠮷", "吉", LossKind.SUBSTITUTED),
        )

    def test_jis_x_0213_has_more_characters_than_0208(self):
        assert print_form("山﨑", "x0213").is_lossless
        assert print_form("𠮷野", "x0213").text == "吉野"

    def test_only_the_glyph_is_lost_with_a_variation_selector(self):
        assert print_form("辻" + IVS).losses == (names.Loss(0, "辻" + IVS, "辻", LossKind.GLYPH),)
        assert print_form("辻" + IVS, "mj").text == "辻" + IVS

    @pytest.mark.parametrize("profile", ["x0208", "x0213", "mj"])
    def test_a_character_without_a_public_code_becomes_geta(self, profile):
        form = print_form("\ue000山", profile)
        assert form.text == "〓山"
        assert form.losses[0].kind is LossKind.UNPRINTABLE

    @pytest.mark.parametrize(
        ("text", "printed"),
        [("㈱", "(株)"), ("ﾜﾀﾅﾍﾞ", "ワタナベ"), ("か\u3099", "が"), ("é", "e"), ("\ufa19", "神"), ("鷗", "鴎")],
    )
    def test_the_nearest_printable_character_is_taken(self, text, printed):
        assert print_form(text, "x0208").text == printed

    @given(JAPANESE, st.sampled_from(["x0208", "x0213"]))
    def test_what_is_printed_can_be_encoded_and_printing_it_again_loses_nothing(self, text, profile):
        form = print_form(text, profile)
        codec = {"x0208": "iso2022_jp", "x0213": "euc_jis_2004"}[profile]
        "".join(c for c in form.text if c not in "～∥－￠￡￢―").encode(codec)
        again = print_form(form.text, profile)
        assert again.text == form.text
        assert again.is_lossless

    @given(st.text(alphabet=NAME_CHARACTERS, max_size=8))
    def test_every_loss_stands_where_it_says(self, text):
        for loss in print_form(text).losses:
            assert text[loss.index :].startswith(loss.original)


class TestVariants:
    def test_the_likely_writings_come_first(self):
        assert variants("渡辺")[:2] == ["渡邊", "渡邉"]
        assert "髙島" in variants("高島", limit=5)

    @given(st.text(alphabet="渡邉辺髙島﨑𠮷斎藤々か", max_size=5), st.integers(1, 40))
    def test_variants_share_the_key_and_leave_out_the_name_itself(self, text, limit):
        found = variants(text, limit=limit)
        assert text not in found
        assert len(found) == len(set(found)) <= limit
        assert {search_key(one) for one in found} <= {search_key(text)}

    def test_a_name_without_kanji_has_no_variants(self):
        assert variants("わたなべ") == []


@pytest.mark.parametrize(
    ("text", "expected"), [("\ue000", True), ("●田", True), ("〓", True), ("髙" + IVS, False), ("", False)]
)
def test_characters_without_a_public_code_are_noticed(text, expected):
    assert has_unencodable(text) is expected


@pytest.fixture(scope="module")
def shrink_rows():
    """Rows (kanji of the MJ glyph, the character it shrinks to) of the published map, which may be the same."""
    with gzip.open(shared_path("data", "moji", "mji_core.csv.gz"), "rt", encoding="utf-8") as file:
        kanji_of = {row["MJ文字図形名"]: row["対応するUCS"] for row in csv.DictReader(file)}
    with gzip.open(shared_path("data", "moji", "mj_shrink_map_main.csv.gz"), "rt", encoding="utf-8") as file:
        return [(kanji_of[row["MJ文字図形名"]], row["縮退UCS"]) for row in csv.DictReader(file)]


@pytest.mark.shared
class TestAgainstThePublishedMap:
    def test_search_keys_agree_with_the_shares_in_the_documentation(self, shrink_rows):
        agree = [search_key(one) == search_key(other) for one, other in shrink_rows]
        assert sum(agree) / len(agree) > 0.956
        changing = [search_key(one) == search_key(other) for one, other in shrink_rows if one != other]
        assert sum(changing) / len(changing) > 0.931

    def test_nearly_all_characters_with_a_single_target_share_its_key(self, shrink_rows):
        targets = defaultdict(set)
        for one, other in shrink_rows:
            targets[one] |= {other} - {one}
        single = [(one, next(iter(others))) for one, others in targets.items() if len(others) == 1]
        assert sum(search_key(a) == search_key(b) for a, b in single) / len(single) > 0.998

    def test_no_two_characters_of_everyday_use_share_a_key(self):
        with gzip.open(shared_path("data", "moji", "mji_core.csv.gz"), "rt", encoding="utf-8") as file:
            everyday = {row["対応するUCS"] for row in csv.DictReader(file) if row["漢字施策"] == "常用漢字"}
        assert len(everyday) == 2136
        assert len({kanji.canonical(one) for one in everyday}) == 2136

    def test_every_hentaigana_is_found_under_its_modern_kana(self):
        with gzip.open(shared_path("data", "moji", "mj_hentaigana.csv.gz"), "rt", encoding="utf-8") as file:
            signs = [row["文字"] for row in csv.DictReader(file) if row["文字"]]
        assert len(signs) > 280
        assert all("ア" <= search_key(sign) <= "ン" for sign in signs)

    def test_every_kanji_of_the_register_prints_in_jis_or_says_what_was_lost(self, shrink_rows):
        for one, _ in shrink_rows[::50]:
            form = print_form(one, "x0208")
            assert form.is_lossless == (form.text == one)
