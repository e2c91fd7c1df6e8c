"""The catalogue: every component shows itself, every colour is legible, every page stays light."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.template import engines
from django.test import Client
from lxml import html

from madoguchi.site.design import catalogue, colours, forms, shapes, views
from madoguchi.site.middleware import host_table
from tests.trust.people import make_odawara

STATIC = colours.STYLESHEET.parent
MACRO = re.compile(r"{% macro ([a-z]\w*)\(")
USAGE = re.compile(r"^\s*([a-z]\w*)\(", re.MULTILINE)
TOKENS_CSS = Path(__file__).resolve().parents[2] / "frontend" / "css" / "tokens.css"


@pytest.fixture
def client(db, settings, tmp_path) -> Client:
    settings.STATIC_ROOT = tmp_path
    host_table.clear()
    make_odawara()
    return Client(headers={"host": "odawara.localhost"})


def environment():
    return engines["jinja2"].env


def rendered(source: str, **context: object):
    return html.fromstring(f"<div>{environment().from_string(source).render(context)}</div>")


@pytest.mark.database
class TestCatalogue:
    def test_the_index_links_to_every_component(self, client) -> None:
        page = html.fromstring(client.get("/design/").content)
        links = {a.get("href") for a in page.iter("a")}
        assert {f"/design/components/{key}/" for key in catalogue.components()} <= links

    def test_every_component_shows_each_state_and_its_source(self, client) -> None:
        for key, component in catalogue.components().items():
            answer = client.get(f"/design/components/{key}/")
            page = html.fromstring(answer.content)
            sources = [pre.text_content().strip() for pre in page.cssselect(".example__source pre")]
            assert answer.status_code == 200
            assert sources == [example.source for example in component.examples]
            assert all(view.text_content().strip() for view in page.cssselect(".example__view"))

    def test_the_density_follows_the_address_and_an_unknown_one_is_the_residents(self, client) -> None:
        for asked, shown in [("staff", "staff"), ("steering", "steering"), ("huge", "resident"), ("", "resident")]:
            page = html.fromstring(client.get(f"/design/components/button/?density={asked}").content)
            assert page.cssselect(".example__view")[0].get("data-density") == shown

    @pytest.mark.parametrize("path", ["components/unknown/", "pages/unknown/", "shells/unknown/", "errors/418/"])
    def test_what_the_catalogue_does_not_have_is_not_found(self, client, path) -> None:
        assert client.get(f"/design/{path}").status_code == 404

    def test_every_shape_of_page_has_every_state(self, client) -> None:
        for shape in shapes.SHAPES:
            for state, _name in shapes.STATES:
                page = html.fromstring(client.get(f"/design/pages/{shape.key}/?state={state}").content)
                marks = {box.get("data-state") for box in page.cssselect(".state")}
                assert page.get("data-shell") == shape.shell
                assert marks == ({state} if state in ("empty", "error", "denied") else set())

    @pytest.mark.parametrize("shell", ["resident", "staff", "steering", "print"])
    def test_a_shell_says_where_one_is_and_whose_page_it_is(self, client, shell) -> None:
        page = html.fromstring(client.get(f"/design/shells/{shell}/").content)
        assert page.get("lang") == "ja"
        assert page.cssselect(".breadcrumbs [aria-current=page]")[0].text_content() == "見本"
        assert "企画政策課" in page.cssselect(".responsible")[0].text_content()
        assert len(page.cssselect("h1")) == 1
        assert page.cssselect("main#main")

    def test_the_pages_speak_the_three_languages(self, client) -> None:
        for code, lang, words in [
            ("ja", "ja", "本文へ移動"),
            ("ja-easy", "ja", "内容へ 進む"),
            ("en", "en", "Skip to main content"),
        ]:
            page = html.fromstring(client.get("/design/", {"lang": code}).content)
            assert page.get("lang") == lang
            assert page.cssselect(".skip")[0].text_content() == words

    def test_a_first_visit_stays_under_100_kilobytes(self, client) -> None:
        page = client.get("/design/pages/start/").content
        sizes = [(STATIC / f"{name}.gz").stat().st_size for name in ("app.css", "app.js")]
        assert len(gzip.compress(page)) + sum(sizes) < 100_000


def test_an_error_page_needs_neither_request_nor_database() -> None:
    for code in views.ERRORS:
        text = environment().get_template(f"errors/{code}.html").render({"number": "01JD"})
        assert f"{code}-01JD" in re.sub(r"\s", "", html.fromstring(text).text_content())


def test_every_public_macro_is_described_and_shown() -> None:
    folders = [
        *(catalogue.TEMPLATES / name for name in ("examples", "pages", "catalogue")),
        catalogue.TEMPLATES.parent / "shell",
    ]
    shown = "".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("*.html"))
    for file in catalogue.TEMPLATES.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        described = set(re.findall(r"([a-z]\w*)\(", text.split("#}", 1)[0]))
        for name in described & set(MACRO.findall(text)):
            assert re.search(rf"\b{name}\b", shown), f"{file.name}: {name} has no example"


@pytest.mark.parametrize(
    "text",
    [
        "no head",
        "{#: 題｜操作｜button :#}",
        "{#: 題｜ない分類｜button｜何か :#}\n{#= 状態 =#}\nx",
        "{#: 題｜操作｜button｜何か :#}",
    ],
)
def test_an_example_file_of_another_form_is_refused(tmp_path, text) -> None:
    path = tmp_path / "x.html"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(catalogue.BrokenExampleError):
        catalogue.read_component(path)


class TestColours:
    def test_contrast_is_that_of_the_recommendation(self) -> None:
        assert colours.contrast("#000", "#ffffff") == pytest.approx(21)
        assert colours.contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.005)
        assert colours.contrast("#0017c1", "#ffffff") == colours.contrast("#ffffff", "#0017c1")

    @pytest.mark.parametrize("name", colours.KEY_COLOURS)
    def test_a_key_colour_can_be_read_on_white_and_on_its_soft_ground_and_under_white(self, name) -> None:
        fill, pressed, ground = (colours.tokens()[token] for token in colours.KEY_COLOURS[name])
        for text, behind in [(fill, "#ffffff"), (pressed, "#ffffff"), (pressed, ground), (fill, ground)]:
            assert colours.contrast(text, behind) >= colours.TEXT_MINIMUM

    @pytest.mark.parametrize("name", colours.KEY_COLOURS)
    def test_the_stylesheet_uses_the_tokens_that_were_measured(self, name) -> None:
        rule = TOKENS_CSS.read_text(encoding="utf-8").split(f'[data-colour="{name}"]', 1)[1].split("}", 1)[0]
        used = re.findall(r"--key(?:-strong|-soft)?: var\(--color-primitive-([a-z0-9-]+)\)", rule)
        assert tuple(used) == colours.KEY_COLOURS[name]

    @pytest.mark.parametrize(
        ("text", "ground"),
        [
            ("solid-gray-700", "solid-gray-50"),
            ("solid-gray-600", "solid-gray-100"),
            ("red-900", "red-50"),
            ("green-800", "green-50"),
            ("yellow-1100", "yellow-50"),
            ("blue-1000", "yellow-300"),
            ("magenta-900", "white"),
            ("black", "yellow-400"),
        ],
    )
    def test_the_pairs_of_text_and_ground_in_use_can_be_read(self, text, ground) -> None:
        assert colours.contrast(colours.tokens()[text], colours.tokens()[ground]) >= colours.TEXT_MINIMUM


class TestFields:
    FIELD = '{% from "design/form.html" import field, error_summary %}'

    def test_a_field_is_named_described_and_marked_when_refused(self) -> None:
        page = rendered(self.FIELD + '{{ field(form["title"]) }}', form=forms.refused())
        box = page.cssselect("input")[0]
        described = [page.get_element_by_id(name).text_content() for name in box.get("aria-describedby").split()]
        assert page.cssselect(f"label[for={box.get('id')}]")[0].text_content().startswith("取組の名称")
        assert box.get("aria-invalid") == "true"
        assert described[0] == "計画書に載せる名前です。"
        assert "入力するか、選んでください。" in described[1]

    def test_the_summary_links_each_error_to_something_that_can_take_the_focus(self) -> None:
        form = forms.refused()
        source = self.FIELD + "{{ error_summary(form) }}{% for bound in form %}{{ field(bound) }}{% endfor %}"
        page = rendered(source, form=form)
        targets = [a.get("href").removeprefix("#") for a in page.cssselect(".error-summary a")]
        assert len(targets) == sum(len(errors) for errors in form.errors.values())
        assert {page.get_element_by_id(target).tag for target in targets} <= {"input", "select", "textarea"}

    def test_radio_buttons_stand_in_a_fieldset_with_a_legend(self) -> None:
        page = rendered(self.FIELD + '{{ field(form["evaluation"]) }}', form=forms.unfilled())
        assert page.cssselect("fieldset > legend")[0].text_content().startswith("自己評価")
        assert len(page.cssselect("fieldset input[type=radio]")) == 3

    def test_what_was_typed_is_kept_and_shown_as_text(self) -> None:
        form = forms.SampleForm({"title": '"><script>x</script>'})
        page = rendered(self.FIELD + '{{ field(form["title"]) }}', form=form)
        assert page.cssselect("input")[0].get("value") == '"><script>x</script>'
        assert not page.cssselect("script")

    def test_markup_in_any_text_is_written_as_text(self) -> None:
        evil = "<b onclick=x>悪い</b>"
        source = (
            '{% from "design/button.html" import button_link %}{% from "design/feedback.html" import notice %}'
            '{% from "design/list.html" import card, tree %}{% from "design/table.html" import data_table %}'
            '{{ button_link(evil, "/", data_x=evil) }}{{ notice(evil, evil) }}{{ card(evil, "/", evil) }}'
            '{{ tree([{"label": evil, "url": "/", "children": [{"label": evil}]}]) }}{{ data_table(evil, [{"label": evil}], [[evil]]) }}'
        )
        page = rendered(source, evil=evil)
        assert not page.cssselect("b")
        assert page.text_content().count("悪い") >= 8


COLUMNS = [{"label": "名前", "sort": "name"}, {"label": "値", "align": "end"}]


class TestTables:
    def table(self, rows, **more):
        source = '{% from "design/table.html" import data_table %}{{ data_table("題", columns, rows, sort=sort, request=none) }}'
        return rendered(source, columns=COLUMNS, rows=rows, sort=more.get("sort"))

    def test_an_empty_table_says_so_in_one_cell_across_all_columns(self) -> None:
        cell = self.table([]).cssselect("tbody td")[0]
        assert (cell.get("colspan"), cell.text_content()) == ("2", "該当するものはありません。")

    def test_a_sorted_column_says_its_order_and_offers_the_other(self) -> None:
        for sort, said, offered in [
            ("name", "ascending", "?sort=-name"),
            ("-name", "descending", "?sort=name"),
            (None, None, "?sort=name"),
        ]:
            head = self.table([["あ", 1]], sort=sort).cssselect("th[scope=col]")[0]
            assert head.get("aria-sort") == said
            assert head.cssselect("a")[0].get("href") == offered

    def test_a_missing_value_is_read_aloud_as_missing(self) -> None:
        assert "なし" in self.table([["あ", None]]).cssselect("td")[0].text_content()

    def test_zero_is_a_value(self) -> None:
        assert self.table([["あ", 0]]).cssselect("td")[0].text_content() == "0"
