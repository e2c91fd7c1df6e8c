"""Texts of messages: placeholders, links, lengths, HTML, plain Japanese."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from madoguchi.messaging.errors import ContentError
from madoguchi.messaging.rules.content import (
    check_contents,
    clean_contents,
    compile_contents,
    errors_in,
    extract_links,
    link_fault,
    links_in,
    pick_language,
    render,
    rewrite_links,
    sizes,
    sms_parts,
    split_links,
    to_html,
    units,
)
from madoguchi.messaging.rules.content.easy import words_without_reading

GOOD = {
    "ja": {"subject": "3歳児健診のご案内", "body": "{{name}}様\n\n{{town}}の健診です。", "short": ""},
    "en": {"subject": "Health check", "body": "Dear {{name}},\n\nthe check in {{town}}.", "short": ""},
}
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=120)
PIECES = st.sampled_from(
    [
        "{{name}}",
        "{{town}}様",
        "{{ name | みなさま }}",
        "{{",
        "}}",
        "100%",
        "%s",
        "%(x)s",
        "https://a.example/b?c=1。",
        "\n",
    ]
)
WRITTEN = st.lists(st.one_of(PIECES, TEXTS), max_size=8).map("".join)


def contents(body: str = "本文", subject: str = "件名", **more: Any) -> dict[str, dict[str, str]]:
    return {"ja": {"subject": subject, "body": body, "short": ""}} | more


def codes(found: dict[str, dict[str, str]], **options: Any) -> set[tuple[str, str]]:
    return {(item.path, item.code) for item in check_contents(found, **options)}


class TestPlaceholders:
    def test_are_filled_in_the_language_of_the_reader(self) -> None:
        compiled = compile_contents(GOOD)
        values = {"name": "小田原 花子", "town": "栄町"}
        assert compiled.render("ja", values).body == "小田原 花子様\n\n栄町の健診です。"
        assert compiled.render("en", values).body == "Dear 小田原 花子,\n\nthe check in 栄町."
        assert compiled.render("ko", values).language == "en"
        assert compiled.render("ja-easy", values).language == "ja"

    @pytest.mark.parametrize(
        ("text", "language", "said"),
        [
            ("{{name}}様、こんにちは", "ja", "みなさま、こんにちは"),
            ("{{name}} さん", "ja-easy", "みなさん"),
            ("Dear {{name}},", "en", "Dear resident,"),
            ("{{name|保護者}}様", "ja", "保護者"),
            ("{{town|お住まいの町}}へ", "ja", "お住まいの町へ"),
            ("{{phone}}", "ja", ""),
        ],
    )
    def test_without_a_value_say_something_that_reads_well(self, text: str, language: str, said: str) -> None:
        assert render({language: {"subject": "x", "body": text}}, language, {}).body == said

    @pytest.mark.parametrize("value", ["http://evil.example", "www.evil.example で当選", "花\x00子"])
    def test_carry_no_address_of_a_persons_own_making(self, value: str) -> None:
        found = render(contents("{{name}}様へ"), "ja", {"name": value})
        assert found.body == "みなさまへ"

    def test_a_line_break_in_a_value_cannot_begin_a_header(self) -> None:
        found = render(contents(subject="{{name}}様へ"), "ja", {"name": "花子\r\nBcc: all@example.com"})
        assert "\n" not in found.subject
        assert "\r" not in found.subject

    @given(WRITTEN, st.dictionaries(st.sampled_from(["name", "town"]), TEXTS))
    @example("100%", {"name": "%s"})
    def test_rendering_never_fails_and_keeps_every_other_character(self, text: str, values: dict[str, str]) -> None:
        found = render(contents(text), "ja", values)
        plain = re.sub(r"\{\{[^{}]*\}\}(様)?", "", text)
        if "{{" not in plain and "}}" not in plain and not re.search(r"\{\{[^{}]*\}\}", text):
            assert found.body == text

    @given(WRITTEN)
    def test_compiled_once_says_the_same_as_rendered_alone(self, text: str) -> None:
        compiled = compile_contents(contents(text))
        links = {"https://a.example/b?c=1": "https://city.example/l/K"}
        for values in ({"name": "花子"}, {}, {"name": "太郎", "town": "本町"}):
            assert compiled.render("ja", values, links) == render(contents(text), "ja", values, links=links)


class TestChecking:
    def test_finds_nothing_wrong_with_good_texts(self) -> None:
        assert errors_in(GOOD) == []
        assert {item.code for item in check_contents(GOOD)} == {"language_missing"}

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ("{{nickname}}", "unknown_placeholder"),
            ("{{name}", "malformed_placeholder"),
            ("{name}様", "malformed_placeholder"),
            ("｛｛name｝｝", "malformed_placeholder"),
            ("{{NAME}}", "malformed_placeholder"),
            ("name}}", "malformed_placeholder"),
            ("https://city.example/?n={{name}}", "placeholder_in_link"),
            ("https://user:pass@city.example/", "link_user"),
            ("https://city/", "link_host"),
            ("https://city.example/" + "x" * 2000, "link_long"),
            ("", "missing"),
            ("長" * 10_001, "too_long"),
            ("長" * 5_000, "too_long_for_line"),
        ],
    )
    def test_names_the_field_of_each_error(self, body: str, code: str) -> None:
        assert ("ja.body", code) in codes(contents(body))
        assert any(item.is_error and item.code == code for item in check_contents(contents(body)))

    def test_a_placeholder_left_out_of_a_translation_is_an_error_there(self) -> None:
        found = {**GOOD, "en": {"subject": "Check", "body": "Dear {{name}},", "short": ""}}
        assert ("en.body", "missing_placeholder") in codes(found)

    def test_a_variant_begun_must_be_finished(self) -> None:
        found = contents(en={"subject": "", "body": "Text", "short": ""})
        assert ("en.subject", "missing") in codes(found)

    def test_what_does_not_go_by_line_may_be_longer(self) -> None:
        found = contents("長" * 5_000)
        assert ("ja.body", "too_long_for_line") not in codes(found, channels=["email", "inbox"])

    def test_short_messages_are_counted_in_parts(self) -> None:
        assert [sms_parts(text) for text in ("", "あ" * 70, "あ" * 71, "a" * 160, "a" * 161, "😀" * 36)] == [
            0,
            1,
            2,
            1,
            2,
            2,
        ]
        long = contents()
        long["ja"]["short"] = "あ" * 300
        assert ("ja.short", "too_long_for_sms") in codes(long)
        assert ("ja.short", "too_long_for_sms") not in codes(long, channels=["email"])

    @given(WRITTEN, WRITTEN)
    def test_never_fails_and_lets_only_placeholders_through_that_are_filled(self, subject: str, body: str) -> None:
        found = clean_contents(contents(body, subject))
        if not errors_in(found):
            said = render(found, "ja", {"name": "花子", "town": "栄町"})
            assert "{{" not in said.body
            assert "}}" not in said.body

    def test_sizes_count_what_providers_count(self) -> None:
        found = {size.channel: size for size in sizes("件名", "本文", "")}
        assert (found["sms"].length, found["sms"].parts, found["email"].is_over) == (2, 1, False)
        assert units("😀葛") == 3


class TestPlainJapanese:
    def test_asks_for_short_sentences_readings_and_everyday_words(self) -> None:
        easy = {"subject": "お知（し）らせ", "body": "速やかに来てください。" + "あ" * 50 + "。", "short": ""}
        found = codes(contents(**{"ja-easy": easy}))
        assert {("ja-easy.body", code) for code in ("easy_jargon", "easy_long", "easy_reading")} <= found
        assert not errors_in(contents(**{"ja-easy": easy}))

    def test_a_reading_behind_a_word_is_enough(self) -> None:
        assert words_without_reading("市役所（しやくしょ）に 来（き）て ください。受け取り（うけとり）") == []
        assert words_without_reading("市役所に来（き）て") == ["市役所"]


class TestLinks:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("見てください：https://city.example/a。", ["https://city.example/a"]),
            ("(https://city.example/a_(b)).", ["https://city.example/a_(b)"]),
            ("https://city.example/?a=1&b=%E3%81%82、次", ["https://city.example/?a=1&b=%E3%81%82"]),
            ("https://a.example/ https://a.example/ http://b.example", ["https://a.example/", "http://b.example"]),
            ("https://。", []),
        ],
    )
    def test_are_found_without_the_marks_around_them(self, text: str, found: list[str]) -> None:
        assert links_in(text) == found

    @given(WRITTEN)
    def test_taking_a_text_apart_loses_nothing(self, text: str) -> None:
        assert "".join(piece for piece, _is_link in split_links(text)) == text
        assert rewrite_links(text, {}) == text

    def test_are_replaced_whole_and_only_where_known(self) -> None:
        text = "https://a.example/x と https://a.example/xy と https://b.example"
        assert rewrite_links(text, {"https://a.example/x": "L"}) == "L と https://a.example/xy と https://b.example"

    def test_are_gathered_from_every_language_once(self) -> None:
        found = contents("https://a.example/", en={"subject": "s", "body": "https://a.example/ https://c.example/"})
        assert extract_links(found) == ["https://a.example/", "https://c.example/"]

    @given(st.text(max_size=60))
    def test_judging_an_address_never_fails(self, rest: str) -> None:
        assert link_fault("https://" + rest) in {"", "host", "user", "long"}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert {name for name, _value in attributes} <= {"href", "rel"}
        self.addresses += [value or "" for name, value in attributes if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


class TestHtml:
    def test_has_paragraphs_lists_and_links(self) -> None:
        made = to_html("前書き\n2行目\n\n- 母子手帳\n- 問診票 https://a.example/x\n\n終わり")
        assert made == (
            "<p>前書き<br>\n2行目</p>\n<ul><li>母子手帳</li><li>問診票 "
            '<a href="https://a.example/x" rel="noopener">https://a.example/x</a></li></ul>\n<p>終わり</p>'
        )

    @given(st.one_of(WRITTEN, st.lists(st.sampled_from("<>&\"'- ・\n*ab"), max_size=60).map("".join)))
    @example("<script>alert(1)</script>")
    @example('https://a.example/"><img src=x onerror=alert(1)>')
    def test_holds_no_markup_of_the_author(self, body: str) -> None:
        parser = _Tags()
        parser.feed(to_html(body))
        parser.close()
        assert set(parser.tags) <= {"p", "br", "ul", "li", "a"}
        assert all(address.startswith(("http://", "https://")) for address in parser.addresses)

    @given(TEXTS.filter(lambda text: not re.search(r"[-*・]", text)))
    def test_says_every_word_of_the_text(self, body: str) -> None:
        said = unescape(re.sub(r"<[^>]+>", "", to_html(body)))
        assert "".join(said.split()) == "".join(body.split())


class TestCleaning:
    def test_keeps_known_languages_and_fields_alone(self) -> None:
        found = clean_contents(
            {"ja": {"subject": " 件\n名 ", "body": "a\r\nb \x00\n", "more": "x"}, "en": {"subject": ""}}
        )
        assert found == {"ja": {"subject": "件 名", "body": "a\nb", "short": ""}}

    @pytest.mark.parametrize("raw", [None, [], {"xx": {}}, {"ja": "text"}, {"ja": {"subject": 5}}])
    def test_refuses_another_shape(self, raw: Any) -> None:
        with pytest.raises(ContentError):
            clean_contents(raw)

    @pytest.mark.parametrize(
        ("wanted", "got"), [("ja", "ja"), ("ja-easy", "ja"), ("en", "en"), ("pt-br", "en"), ("xx", "en")]
    )
    def test_everybody_gets_a_language(self, wanted: str, got: str) -> None:
        assert pick_language(GOOD, wanted) == got
        assert pick_language(contents(), wanted) == "ja"
