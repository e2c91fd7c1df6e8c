"""Life events (ライフイベント), the doors they stand behind, and the categories of procedures."""

from __future__ import annotations

from dataclasses import dataclass

from ..definition.text import Text


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happens to people; ``words`` are what they type when they look for it."""

    code: str
    label: Text
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """One of the six doors of the home page: the life events behind it."""

    code: str
    label: Text
    icon: str
    events: tuple[str, ...]


def _text(ja: str, easy: str, en: str) -> Text:
    return Text(ja=ja, easy=easy, en=en)


_EVENTS = (
    LifeEvent("moving-in", _text("市外から引っ越してきた", "ほかの まちから ひっこして きた", "Moved here from another city or abroad"),
              ("転入", "てんにゅう", "引越し", "ひっこし", "引っ越し", "転勤", "越してきた")),
    LifeEvent("moving", _text("市内で引っ越した", "おなじ まちの なかで ひっこした", "Moved within the city"),
              ("転居", "てんきょ", "引越し", "ひっこし", "引っ越し", "住所変更")),
    LifeEvent("moving-out", _text("市外へ引っ越す", "ほかの まちへ ひっこす", "Moving out of the city"),
              ("転出", "てんしゅつ", "引越し", "ひっこし", "引っ越し", "海外")),
    LifeEvent("pregnancy", _text("妊娠した", "あかちゃんが おなかに いる", "Expecting a baby"),
              ("妊娠", "にんしん", "母子手帳", "出産予定", "赤ちゃん")),
    LifeEvent("birth", _text("子どもが生まれた", "こどもが うまれた", "A child was born"),
              ("出産", "しゅっさん", "出生", "赤ちゃん", "産まれた", "うまれた")),
    LifeEvent("childcare", _text("子どもを預けたい・子育ての支援を受けたい", "こどもを あずけたい", "Childcare and support for families"),
              ("保育園", "ほいくえん", "保育所", "こども園", "預ける", "あずける", "子育て", "こそだて")),
    LifeEvent("school", _text("小学校・中学校に通う", "しょうがっこう・ちゅうがっこうに いく", "Going to school"),
              ("入学", "にゅうがく", "学校", "がっこう", "学童", "給食", "就学")),
    LifeEvent("household", _text("結婚・離婚などで世帯が変わった", "けっこん・りこんなどで かぞくが かわった", "Marriage, divorce, change of household"),
              ("結婚", "けっこん", "離婚", "りこん", "入籍", "世帯")),
    LifeEvent("job", _text("仕事を始めた・辞めた", "しごとを はじめた・やめた", "Started or left a job"),
              ("退職", "たいしょく", "就職", "失業", "会社", "転職", "無職")),
    LifeEvent("disability", _text("障害がある・病気になった", "しょうがいが ある・びょうきに なった", "Disability or illness"),
              ("障害", "しょうがい", "手帳", "病気", "難病")),
    LifeEvent("care", _text("介護が必要になった・高齢者の支援", "かいごが ひつように なった・おとしより", "Care and support for older people"),
              ("介護", "かいご", "高齢", "こうれい", "老人", "認知症", "年寄り")),
    LifeEvent("death", _text("家族が亡くなった", "かぞくが なくなった", "A family member has died"),
              ("死亡", "しぼう", "亡くなった", "なくなった", "おくやみ", "葬儀", "遺族", "相続")),
    LifeEvent("certificate", _text("証明書がほしい", "しょうめいしょが ほしい", "Getting a certificate"),
              ("証明", "しょうめい", "住民票", "印鑑証明", "書類")),
    LifeEvent("living", _text("ごみ・水道・ペット・車", "ごみ・すいどう・ペット・くるま", "Waste, water, pets and vehicles"),
              ("ごみ", "ゴミ", "水道", "すいどう", "犬", "いぬ", "ペット", "原付", "バイク", "粗大")),
    LifeEvent("home", _text("家・土地・道路", "いえ・とち・どうろ", "Housing, land and roads"),
              ("家", "土地", "とち", "農地", "道路", "建てる", "固定資産")),
    LifeEvent("business", _text("店や会社を営む", "みせや かいしゃを する", "Running a business"),
              ("事業", "じぎょう", "開業", "起業", "店", "会社", "法人", "営業")),
    LifeEvent("leisure", _text("施設を使う・催しを開く・参加する", "しせつを つかう・イベントを する", "Facilities and events"),
              ("施設", "しせつ", "体育館", "公民館", "会議室", "イベント", "催し", "講座")),
    LifeEvent("civic", _text("選挙・情報公開", "せんきょ・じょうほうこうかい", "Elections and access to information"),
              ("選挙", "せんきょ", "投票", "とうひょう", "情報公開", "開示", "不在者")),
)  # fmt: skip
LIFE_EVENTS: dict[str, LifeEvent] = {event.code: event for event in _EVENTS}

DOORS: tuple[Door, ...] = (
    Door("moves", _text("引っ越し・住民票・証明書", "ひっこし・じゅうみんひょう", "Moving and certificates"), "home",
         ("moving-in", "moving", "moving-out", "household", "certificate")),
    Door("children", _text("妊娠・子育て・学校", "こども・がっこう", "Pregnancy, children, school"), "person",
         ("pregnancy", "birth", "childcare", "school")),
    Door("welfare", _text("介護・障害・健康", "かいご・しょうがい・けんこう", "Care, disability, health"), "plus",
         ("care", "disability")),
    Door("living", _text("ごみ・水道・ペット・住まい", "ごみ・すいどう・ペット・いえ", "Waste, water, pets, home"), "trash",
         ("living", "home")),
    Door("work", _text("仕事・税・事業", "しごと・ぜい・みせ", "Work, tax, business"), "file",
         ("job", "business", "leisure", "civic")),
    Door("death", _text("おくやみ", "かぞくが なくなった とき", "After a death"), "calendar", ("death",)),
)  # fmt: skip

CATEGORIES: dict[str, Text] = {
    "registration": _text("住民登録・戸籍", "じゅうみん とうろく・こせき", "Residence and family register"),
    "certificates": _text("証明書", "しょうめいしょ", "Certificates"),
    "children": _text("子ども・子育て", "こども・こそだて", "Children and families"),
    "school": _text("学校・教育", "がっこう・きょういく", "School and education"),
    "insurance": _text("保険・年金", "ほけん・ねんきん", "Insurance and pension"),
    "care": _text("高齢・介護", "おとしより・かいご", "Older people and care"),
    "welfare": _text("障害・福祉", "しょうがい・ふくし", "Disability and welfare"),
    "tax": _text("税金", "ぜいきん", "Taxes"),
    "living": _text("ごみ・水道・くらし", "ごみ・すいどう・くらし", "Waste, water, daily life"),
    "land": _text("土地・建物・道路", "とち・たてもの・どうろ", "Land, buildings, roads"),
    "business": _text("事業者", "みせ・かいしゃ", "Businesses"),
    "facilities": _text("施設・催し", "しせつ・イベント", "Facilities and events"),
    "civic": _text("選挙・情報公開", "せんきょ・じょうほうこうかい", "Elections and information"),
}


def event_label(code: str) -> Text:
    """Return the name of a life event; one that a municipality made up is named by its code."""
    event = LIFE_EVENTS.get(code)
    return event.label if event else Text(ja=code)


def category_label(code: str) -> Text:
    """Return the name of a category; one that a municipality made up is its own name."""
    return CATEGORIES.get(code) or Text(ja=code)


def door_of(event: str) -> Door | None:
    """Return the door a life event stands behind."""
    return next((door for door in DOORS if event in door.events), None)
