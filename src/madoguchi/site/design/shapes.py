"""The shapes of pages that the product is made of, with sample contents for the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

STATES = (
    ("normal", "ふだん"),
    ("empty", "空"),
    ("loading", "読み込み"),
    ("error", "失敗"),
    ("long", "長い・多い"),
    ("denied", "権限がない"),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of page: where it stands, what it must answer, and its words when there is nothing to show."""

    key: str
    title: str
    shell: str
    purpose: str
    empty: tuple[str, str]
    failed: tuple[str, str]
    template: str


SHAPES = (
    Shape(
        "home",
        "トップ",
        "resident",
        "答える検索、ライフイベントの6つの扉、待っている手続、今の知らせ。",
        ("進行中の手続はありません", "手続を始めると、ここに進み具合が表示されます。"),
        ("お知らせを読み込めませんでした", "検索と手続は、ふだんどおり使えます。数分待ってから開き直してください。"),
        "home",
    ),
    Shape(
        "topic",
        "扉・テーマ",
        "resident",
        "ここでできることを、結果、時間、手数料、オンラインか窓口かとともに。",
        ("このテーマの手続はまだ載っていません", "市民課（0465-33-1381）にお尋ねください。"),
        ("手続の一覧を読み込めませんでした", "数分待ってから開き直してください。お急ぎのときはお電話ください。"),
        "topic",
    ),
    Shape(
        "start",
        "手続の入口",
        "resident",
        "だれが、何を用意し、いくらで、いつまでに。対象でない方も示す。印刷できる。",
        ("この手続は受付の期間ではありません", "次の受付は令和9年1月5日（火）からです。"),
        ("受付の状況を確かめられませんでした", "数分待ってから開き直すか、市民課の窓口へお越しください。"),
        "start",
    ),
    Shape(
        "step",
        "入力の1画面",
        "resident",
        "1画面に1つのまとまり。手順の名前、途中の保存、誤りのまとめ。",
        ("この手順で答えることはありません", "前の回答から分かったので、次へ進んでください。"),
        (
            "保存できませんでした",
            "入力した内容はこの画面に残っています。通信の状態を確かめて、もう一度保存してください。",
        ),
        "step",
    ),
    Shape(
        "review",
        "確認と完了",
        "resident",
        "すべての回答と変更のリンク、受付番号、次に起きること。",
        ("まだ回答がありません", "最初の質問から始めてください。"),
        (
            "送信できませんでした",
            "申請はまだ受け付けられていません。回答は保存してあります。数分待ってから、もう一度送信してください。",
        ),
        "review",
    ),
    Shape(
        "matter",
        "わたしの手続",
        "resident",
        "だれから何を待っているか、経過、書類、支払い、取りやめ。",
        ("やりとりはまだありません", "市民課が確認を始めると、ここに表示されます。"),
        ("経過を読み込めませんでした", "申請は受け付けられています。数分待ってから開き直してください。"),
        "matter",
    ),
    Shape(
        "worklist",
        "仕事の一覧",
        "staff",
        "文で絞り込み、キーボードで移り、まとめて操作する。",
        ("この条件の仕事はありません", "条件を外すと、担当課のすべての仕事を表示します。"),
        ("一覧を読み込めませんでした", "条件はそのまま残っています。もう一度表示してください。"),
        "worklist",
    ),
    Shape(
        "record",
        "記録",
        "staff",
        "左に事実、中央に経緯、右に操作。閲覧は記録される。",
        ("この事業には、まだ記録がありません", "実績を入力すると、ここに経緯が残ります。"),
        ("記録を保存できませんでした", "別の職員が先に保存しました。最新の内容を開き、変更を入力し直してください。"),
        "record",
    ),
    Shape(
        "steering",
        "計画の全体",
        "steering",
        "少ない数値に、目標の線、推移、測った日、出典。動く必要があるときだけ赤。",
        ("まだ計画がありません", "計画書のファイルを読み込むと、目標、施策、事業、指標の下書きができます。"),
        ("数値を集められませんでした", "最後に集めた11月19日（木）の値は、指標の一覧にあります。"),
        "steering",
    ),
    Shape(
        "map",
        "地図",
        "resident",
        "一覧と地図は、1つの結果の2つの見せ方。一覧だけで足りる。",
        ("この範囲に施設はありません", "範囲を広げてください。"),
        ("地図を表示できませんでした", "一覧で、すべての結果を見られます。"),
        "map",
    ),
    Shape(
        "display",
        "呼び出し表示",
        "display",
        "5メートル先から読める。指示は1つ。動かさない。消えない。",
        ("お待ちの方はいません", "発券機で番号札をお取りください。"),
        ("番号を表示できません", "窓口の職員がお呼びします。"),
        "display",
    ),
    Shape(
        "builder",
        "組み立て",
        "staff",
        "左で編集、右で確かめ、下に問題。下書き、試験、公開、版の比較。",
        ("まだ項目がありません", "左の「項目を加える」から始めてください。"),
        ("公開できませんでした", "問題が2件あります。下の一覧から直してください。"),
        "builder",
    ),
)


def sample_shell() -> dict[str, Any]:
    """Return the context that shows a shell as it looks in use."""
    return {
        "navigation": [
            {"label": "ホーム", "url": "#home", "current": False},
            {"label": "計画", "url": "#plan", "current": True, "badge": 3},
            {"label": "実績の入力", "url": "#results", "current": False},
            {"label": "組織と役割", "url": "#people", "current": False},
        ],
        "breadcrumbs": [{"label": "トップ", "url": "#top"}, {"label": "計画", "url": "#plan"}, {"label": "見本"}],
        "responsible": {
            "section": "企画政策課 デジタル推進係",
            "phone": "0465-33-1239",
            "hours": "月〜金 8:30〜17:15（祝日を除く）",
            "open_now": True,
        },
    }


def surroundings(shape: Shape) -> dict[str, Any]:
    """Return the context of a sample page: the shell's, and the shape's own place in the breadcrumb."""
    context = sample_shell()
    context["breadcrumbs"] = [
        {"label": "デザインの見本帳", "url": "/design/"},
        {"label": "画面の型", "url": "/design/pages/"},
        {"label": shape.title},
    ]
    return context
