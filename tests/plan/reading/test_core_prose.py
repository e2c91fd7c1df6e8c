"""What the paragraphs say of the plan itself."""

from __future__ import annotations

from madoguchi.plan.rules.reading import prose
from madoguchi.plan.rules.reading.document import load_document


def paragraphs(*texts: str) -> list[prose.Paragraph]:
    return prose.paragraphs(load_document("\n\n".join(texts).encode()))


def period(*texts: str) -> tuple[int, int, int] | None:
    return prose.find_period(load_document("\n\n".join(texts).encode()))


def test_a_paragraph_joins_what_a_line_break_tore() -> None:
    read = prose.paragraphs(load_document("前の行は\n続きます\n\n表\tの行\n後の行".encode()))
    assert [(item.line, item.text) for item in read] == [(1, "前の行は続きます"), (5, "後の行")]


def test_the_cover_gives_the_period() -> None:
    assert period("某市推進計画", "令和5年度～令和7年度", "令和5年3月") == (2023, 2025, 3)


def test_the_period_of_another_plan_is_not_taken() -> None:
    former = "平成14年度から平成16年度を計画期間とする計画を定めました。"
    own = "本計画の計画期間は、令和2年度から令和4年度までの3年間とします。"
    assert period(former, own) == (2020, 2022, 3)


def test_dates_and_single_years_are_no_period() -> None:
    assert period("令和5年3月から令和6年3月まで", "令和5年度") is None


def test_short_names_stand_for_full_ones() -> None:
    texts = paragraphs(
        "国は「世界最先端の計画」（以下、「国の計画」という。）を定めた。",
        "本市では令和5年3月に某市緑計画（以下「緑計画【改定版】」という。）を改定した。",
    )
    assert prose.aliases(texts) == {"国の計画": "世界最先端の計画", "緑計画【改定版】": "某市緑計画【改定版】"}


def test_named_plans_become_relations_with_their_line() -> None:
    texts = paragraphs(
        "本計画は、国の計画と整合し、某市第3次総合計画・前期基本計画（以下、「市の計画」という。）に沿う。",
        "「某推進計画」と「生活様式」を踏まえる。",
    )
    found = prose.superior_plans(texts, names={"国の計画": "世界最先端の計画"}, own="某計画")
    assert [(item.target, item.line) for item in found] == [
        ("某市第3次総合計画・前期基本計画", 1),
        ("世界最先端の計画", 1),
        ("某推進計画", 3),
    ]


def test_the_plan_itself_is_not_its_superior() -> None:
    assert prose.superior_plans(paragraphs("「某計画」を定める。"), names={}, own="某計画") == []


def test_articles_of_the_basic_act_are_named_in_full() -> None:
    texts = paragraphs(
        "本計画は基本法第9条3項の計画で、基本法第11条及び第15条に基づく。サイバーセキュリティ基本法第5条は別。"
    )
    assert [item.target for item in prose.basic_act_articles(texts)] == [
        "官民データ活用推進基本法第9条第3項",
        "官民データ活用推進基本法第11条",
        "官民データ活用推進基本法第15条",
    ]


def test_a_plan_taken_over_is_the_predecessor() -> None:
    texts = paragraphs("従来の「某市旧計画」を引き継ぐ。", "「某市旧プログラム」を策定して以降、見直してきた。")
    assert [item.target for item in prose.former_plans(texts)] == ["某市旧計画", "某市旧プログラム"]


def test_basic_plans_are_not_this_plan() -> None:
    assert prose.tells_of_this_plan("本計画は")
    assert not prose.tells_of_this_plan("国の基本計画は")
