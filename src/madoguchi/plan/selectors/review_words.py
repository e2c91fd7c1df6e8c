"""Words of the review cycle that stand in enums, tables and the history, listed so that the catalogues know them."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

WORDS = frozenset({
    N_("自己評価"), N_("事務局確認"), N_("調整会議"), N_("確定"),
    N_("未提出"), N_("提出済み"), N_("事務局確認済み"), N_("調整会議済み"),
    N_("対応待ち"), N_("対応済み（確認待ち）"), N_("確認済み"),
    N_("差し戻し"), N_("事務局の評価"), N_("調整会議の評価"), N_("改善指示"), N_("対応"), N_("確認"), N_("計画の見直し"),
    N_("計画どおり進んだ"), N_("進みが滞っている"), N_("中止した"),
    N_("すべての事業が提出済み（未提出を残すときは理由を書く）"), N_("すべての事業を事務局が確認済み"),
    N_("すべての事業の評価を調整会議が決定済み"), N_("提出をやり直すとき"), N_("事務局の確認をやり直すとき"),
    N_("計画"), N_("事業"), N_("指標"), N_("評価の段階"), N_("事業の評価"),
    N_("名称"), N_("内容"), N_("期待される効果"), N_("全体目標"), N_("担当課"), N_("中止する年度"),
    N_("使わなくなる年度"), N_("追加"), N_("状態"), N_("事業区分"), N_("段階"),
})  # fmt: skip


def in_words(text: str) -> str:
    """Return a word of the review cycle in the language of the reader; a text nobody listed stays as it is."""
    return gettext(text) if text in WORDS else text
