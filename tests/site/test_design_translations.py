"""The catalogues of every room are complete, and the check sees each kind of fault."""

from __future__ import annotations

import pytest

from madoguchi.site import translations

SOURCE = "from django.utils.translation import gettext as _\n\nA = _('保存しました')\nB = _('%(n)s件あります')\n"
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
GOOD = 'msgid "保存しました"\nmsgstr "Saved"\n\nmsgid "%(n)s件あります"\nmsgstr "There are %(n)s"\n'


@pytest.fixture
def room(tmp_path):
    folder = tmp_path / "desk"
    (folder / "jinja2" / "desk").mkdir(parents=True)
    (folder / "__init__.py").write_text("", encoding="utf-8")
    (folder / "views.py").write_text(SOURCE, encoding="utf-8")
    return folder


def write(room, language: str, text: str) -> None:
    path = translations.catalogue_path(room, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + text, encoding="utf-8")


def test_the_texts_of_the_site_are_translated() -> None:
    assert list(translations.problems(translations.PACKAGE / "site")) == []


def test_a_page_that_cannot_be_parsed_is_named(room) -> None:
    (room / "jinja2" / "desk" / "broken.html").write_text("{{ _('x' }}", encoding="utf-8")
    with pytest.raises(translations.UnreadableSourceError, match=r"desk/jinja2/desk/broken\.html"):
        translations.template(room)


def test_a_room_without_catalogues_misses_every_text(room) -> None:
    assert sorted(translations.problems(room)) == [
        "desk en missing: %(n)s件あります",
        "desk en missing: 保存しました",
        "desk ja_Easy missing: %(n)s件あります",
        "desk ja_Easy missing: 保存しました",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD.replace('"Saved"', '""'), "untranslated: 保存しました"),
        ("#, fuzzy\n" + GOOD, "fuzzy: 保存しました"),
        (GOOD.replace("are %(n)s", "are many"), "placeholders differ: %(n)s件あります"),
        (GOOD + '\nmsgid "消えた文"\nmsgstr "Gone"\n', "obsolete: 消えた文"),
        (GOOD + '\n#~ msgid "古い文"\n#~ msgstr "Old"\n', "obsolete: 古い文"),
    ],
)
def test_each_kind_of_fault_is_listed_with_room_language_and_text(room, text, fault) -> None:
    write(room, "ja_Easy", GOOD)
    write(room, "en", text)
    assert list(translations.problems(room)) == [f"desk en {fault}"]


def test_extracting_keeps_translations_adds_new_texts_and_drops_old_ones(room) -> None:
    write(room, "en", GOOD + '\nmsgid "消えた文"\nmsgstr "Gone"\n')
    (room / "jinja2" / "desk" / "page.html").write_text(
        '{{ _("申請する") }}{% trans %} 二行の\n 文 {% endtrans %}', encoding="utf-8"
    )
    assert translations.extract(room) == 4
    once = translations.catalogue_path(room, "en").read_bytes()
    catalogue = translations.read(translations.catalogue_path(room, "en"), "en")
    assert {m.id: m.string for m in catalogue if m.id} == {
        "保存しました": "Saved",
        "%(n)s件あります": "There are %(n)s",
        "申請する": "",
        "二行の 文": "",
    }
    translations.extract(room)
    assert translations.catalogue_path(room, "en").read_bytes() == once


def test_a_compiled_catalogue_lies_beside_its_source(room) -> None:
    write(room, "en", GOOD)
    assert translations.compile_room(room) == 1
    assert translations.catalogue_path(room, "en").with_suffix(".mo").stat().st_size > 0


@pytest.mark.parametrize(
    ("arguments", "code"), [(["check", "site"], 0), (["nothing"], 2), ([], 2), (["check", "no-such-room"], 0)]
)
def test_the_command_says_by_its_code_what_it_found(arguments, code, capsys) -> None:
    assert translations.main(arguments) == code
    assert ("extract | compile | check" in capsys.readouterr().err) == (code == 2)
