"""
What the account answers: a menu of choices, a few words it knows. It holds no conversation; whatever else somebody writes leads
to the menu.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from madoguchi.kit import clock, ids
from madoguchi.trust.api import municipality_in_scope

from ...enums import AcknowledgedBy, SubscriptionSource
from ...errors import MessagingError
from ...models import Endpoint, Topic
from ...rules.line import CHILD_YEARS, pack, unpack
from ...selectors.alerts import chain_of, find_alert
from ...selectors.line_choices import known_towns, name_of, open_topics, page_of, subscribed_topics, towns_like
from ...selectors.settings import site_address
from ...services.alerts import acknowledge
from ...services.line import add_child, choose_language, choose_town, declared_children, forget_children
from ...services.subscriptions import subscribe, unsubscribe, unsubscribe_all
from .compose import Json, card, link, postback, text_message

LINK_TOKEN = "{linkToken}"  # noqa: S105 - stands in an answer until LINE has given a real one
LANGUAGES = {"ja": "日本語", "ja-easy": "やさしい日本語", "en": "English"}
WORDS = {
    "stop": ("停止", "配信停止", "ストップ", "とめて", "やめる", "解除", "stop", "unsubscribe"),
    "help": ("ヘルプ", "使い方", "つかいかた", "help", "?", "困った"),
    "language": ("言語", "ことば", "言葉", "language", "english", "英語", "やさしい日本語"),
    "towns": ("地区", "住所", "町名", "area", "town"),
    "children": ("子ども", "こども", "子供", "子育て", "children"),
    "topics": ("分野", "購読", "登録", "topics", "subscribe"),
    "link": ("連携", "アカウント", "link"),
}
_ACTION_OF = {word: action for action, words in WORDS.items() for word in words}
Answer = list[Json]
Values = dict[str, str]


def greet(endpoint: Endpoint) -> Answer:
    """Return the first words: in which language shall we write?"""
    words = {"city": municipality_in_scope().name}
    text = (
        _("%(city)sの公式アカウントです。どの言葉で受け取りますか。") % words
        + "\nどの ことばが いいですか。\nWhich language would you like?"
    )
    return [text_message(text, _language_buttons())]


def answer_postback(endpoint: Endpoint, data: str, params: Values) -> Answer:
    """Do what a button says and return what to answer; an unknown button leads to the menu."""
    values = unpack(data) | {f"param_{name}": value for name, value in params.items()}
    action = _ACTIONS.get(values.get("do", ""), _menu)
    return _in_language(endpoint, lambda: action(endpoint, values))


def answer_text(endpoint: Endpoint, text: str) -> Answer:
    """Return what to answer to something written: one of the words we know, the name of a town, or the menu."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    action = _ACTION_OF.get(plain)
    if action is not None:
        return _in_language(endpoint, lambda: _ACTIONS[action](endpoint, {}))
    if plain in ("メニュー", "menu"):
        return _in_language(endpoint, lambda: _menu(endpoint, {}))
    return _in_language(endpoint, lambda: _town_or_menu(endpoint, text))


def answer_other(endpoint: Endpoint) -> Answer:
    """Return what to answer to a picture, a stamp, a voice."""
    return _in_language(endpoint, lambda: _menu(endpoint, {"why": "unread"}))


def say(endpoint: Endpoint, words: Callable[[], str]) -> Answer:
    """Return one text in the language of a friend, with the menu's buttons."""
    return _in_language(endpoint, lambda: [text_message(words(), _menu_buttons())])


def _in_language(endpoint: Endpoint, build: Callable[[], Answer]) -> Answer:
    with translation.override(endpoint.recipient.language):
        try:
            return build()
        except MessagingError as error:
            return [text_message(str(error), _menu_buttons())]


def _menu(endpoint: Endpoint, values: Values) -> Answer:
    lead = _("下のボタンから選んでください。")
    if values.get("why") == "unread":
        lead = _("このアカウントでは、お問い合わせへのお返事ができません。") + "\n" + lead
    return [text_message(lead, _menu_buttons())]


def _menu_buttons() -> list[tuple[str, Json]]:
    return [
        postback(_("受け取る分野"), "topics"),
        postback(_("お住まいの地区"), "towns"),
        postback(_("お子さん"), "children"),
        postback(_("ことば"), "language"),
        postback(_("アカウント連携"), "link"),
        postback(_("配信を止める"), "stop"),
        postback(_("使い方"), "help"),
    ]


# Topics.
def _topics(endpoint: Endpoint, values: Values) -> Answer:
    topics = {topic.code: topic for topic in open_topics()}
    if not topics:
        return [text_message(_("選べる分野はまだありません。"), _menu_buttons())]
    number = _number(values)
    codes, has_more = page_of(list(topics), number)
    mine = subscribed_topics(endpoint.recipient)
    buttons = [_topic_button(topics[code], topics[code].pk in mine, endpoint) for code in codes]
    if has_more:
        buttons.append(postback(_("ほかの分野"), "topics", page=str(number + 1)))
    buttons.append(postback(_("メニュー"), "menu"))
    chosen = [name_of(topic, endpoint.recipient.language) for topic in topics.values() if topic.pk in mine]
    state = _("受け取っている分野：%(topics)s") % {"topics": "、".join(chosen)} if chosen else _("まだ選んでいません。")
    lead = _("受け取りたい分野を押してください。もう一度押すと止まります。")
    return [text_message(f"{values.get('said', '')}{lead}\n\n{state}", buttons)]


def _topic_button(topic: Topic, is_on: bool, endpoint: Endpoint) -> tuple[str, Json]:
    name = name_of(topic, endpoint.recipient.language)
    return postback(f"✓ {name}" if is_on else name, "topic", code=topic.code, on="0" if is_on else "1")


def _topic(endpoint: Endpoint, values: Values) -> Answer:
    topic = Topic.objects.filter(code=values.get("code", ""), is_open=True, retired_at__isnull=True).first()
    if topic is None:
        return [text_message(_("この分野は終わりました。"), _menu_buttons())]
    words = {"topic": name_of(topic, endpoint.recipient.language)}
    if values.get("on") == "1":
        subscribe(recipient=endpoint.recipient, topic=topic, source=SubscriptionSource.LINE)
        said = _("「%(topic)s」のお知らせを送ります。") % words
    else:
        unsubscribe(recipient=endpoint.recipient, topic=topic, source=SubscriptionSource.LINE)
        said = _("「%(topic)s」のお知らせを止めました。") % words
    return _topics(endpoint, {"said": said + "\n\n"})


def _about_me(_endpoint: Endpoint, _values: Values) -> Answer:
    text = _("あなたに合うお知らせを選ぶために使います。どちらを登録しますか。")
    buttons = [
        postback(_("お住まいの地区"), "towns"),
        postback(_("お子さん"), "children"),
        postback(_("メニュー"), "menu"),
    ]
    return [text_message(text, buttons)]


# Town.
def _towns(endpoint: Endpoint, values: Values) -> Answer:
    recipient = endpoint.recipient
    if recipient.resident_id is not None:
        words = {"town": recipient.town or "—"}
        return [text_message(_("住民記録の町名（%(town)s）を使っています。") % words, _menu_buttons())]
    towns = known_towns()
    number = _number(values)
    shown, has_more = page_of(towns, number)
    buttons = [postback(town, "town", v=town) for town in shown]
    if has_more:
        buttons.append(postback(_("次の町名"), "towns", page=str(number + 1)))
    if recipient.town:
        buttons.append(postback(_("町名を消す"), "town", v=""))
    buttons.append(postback(_("メニュー"), "menu"))
    now = _("今の登録：%(town)s") % {"town": recipient.town} if recipient.town else _("まだ登録していません。")
    lead = _("お住まいの町名を選ぶか、文字で送ってください（例：栄町）。地区に合わせたお知らせをお送りします。")
    return [text_message(f"{lead}\n\n{now}", buttons)]


def _town(endpoint: Endpoint, values: Values) -> Answer:
    town = values.get("v", "")
    if town and town not in known_towns():
        return _towns(endpoint, {})
    choose_town(endpoint=endpoint, town=town)
    said = _("お住まいの地区を「%(town)s」にしました。") % {"town": town} if town else _("町名を消しました。")
    return [text_message(said, _menu_buttons())]


def _town_or_menu(endpoint: Endpoint, text: str) -> Answer:
    found = towns_like(text) if 1 < len(text.strip()) <= 30 else []
    if not found:
        return _menu(endpoint, {"why": "unread"})
    buttons = [postback(town, "town", v=town) for town in found[:10]]
    buttons.append(postback(_("ちがいます"), "menu"))
    return [text_message(_("お住まいの地区はどこですか。選ぶと登録します。"), buttons)]


# Children.
def _children(endpoint: Endpoint, values: Values) -> Answer:
    today = clock.today()
    births = declared_children(endpoint)
    picker: Json = {
        "type": "datetimepicker",
        "label": _("誕生日を選ぶ"),
        "data": pack("child"),
        "mode": "date",
        "max": today.isoformat(),
        "min": date(today.year - CHILD_YEARS, 1, 1).isoformat(),
    }
    buttons: list[tuple[str, Json]] = [(str(picker["label"]), picker)]
    if births:
        buttons.append(postback(_("登録を消す"), "no_children"))
    buttons.append(postback(_("メニュー"), "menu"))
    known = "、".join(f"{birth:%Y/%m/%d}" for birth in births) or _("まだ登録していません。")
    lead = _("お子さんの年齢や学年に合わせたお知らせをお送りします。誕生日のほかは何もお聞きしません。")
    return [text_message(f"{values.get('said', '')}{lead}\n\n{known}", buttons)]


def _child(endpoint: Endpoint, values: Values) -> Answer:
    try:
        birth = date.fromisoformat(values.get("param_date", ""))
    except ValueError:
        return _children(endpoint, {})
    if birth.year < clock.today().year - CHILD_YEARS:
        return _children(endpoint, {})
    add_child(endpoint=endpoint, birth_date=birth)
    return _children(endpoint, {"said": _("登録しました。") + "\n\n"})


def _no_children(endpoint: Endpoint, _values: Values) -> Answer:
    forget_children(endpoint=endpoint)
    return _children(endpoint, {"said": _("登録を消しました。") + "\n\n"})


# Language.
def _language_buttons() -> list[tuple[str, Json]]:
    return [postback(name, "language", v=code) for code, name in LANGUAGES.items()]


def _language(endpoint: Endpoint, values: Values) -> Answer:
    wanted = values.get("v", "")
    if wanted not in LANGUAGES:
        return [text_message(_("どの言葉で受け取りますか。"), _language_buttons())]
    choose_language(endpoint=endpoint, language=wanted)
    with translation.override(wanted):
        words = {"language": LANGUAGES[wanted]}
        return [
            text_message(
                _("%(language)sでお送りします。受け取りたいお知らせを選んでください。") % words, _menu_buttons()
            )
        ]


# Alerts.
def _seen(endpoint: Endpoint, values: Values) -> Answer:
    key = values.get("alert", "")
    alert = find_alert(key) if ids.is_ulid(key) else None
    if alert is None or alert.issued_at is None:
        return [
            text_message(_("この確認のボタンは使えません。届いたお知らせを、もう一度開いてください。"), _menu_buttons())
        ]
    acknowledge(alert=alert, recipient=endpoint.recipient, by=AcknowledgedBy.LINE)
    newest = chain_of(alert).last() or alert
    said = [
        _("訓練の確認の返事を受け取りました。") if alert.is_drill else _("確認しました。お返事が市役所に伝わりました。")
    ]
    if not alert.is_drill:
        said.append(_("助けが必要なときは、119番か市役所に電話してください。"))
    said.append(_("今の情報：%(page)s") % {"page": f"{site_address()}{reverse('now:page', args=[newest.key])}"})
    return [text_message("\n".join(said), _menu_buttons())]


# The rest.
def _stop(endpoint: Endpoint, _values: Values) -> Answer:
    text = _(
        "購読しているお知らせをすべて止めますか。ご自分の手続の連絡と、命を守るための緊急情報は、止めたあとも届きます。"
        "何も受け取りたくないときは、このアカウントをブロックしてください。"
    )
    buttons = [postback(_("すべて止める"), "stop_all"), postback(_("分野を選んで止める"), "topics")]
    return [text_message(text, [*buttons, postback(_("止めない"), "menu")])]


def _stop_all(endpoint: Endpoint, _values: Values) -> Answer:
    count = unsubscribe_all(recipient=endpoint.recipient, source=SubscriptionSource.LINE)
    said = (
        _("%(count)s分野のお知らせを止めました。") % {"count": count}
        if count
        else _("購読しているお知らせはありません。")
    )
    return [text_message(said, _menu_buttons())]


def _help(_endpoint: Endpoint, _values: Values) -> Answer:
    city = municipality_in_scope()
    text = _(
        "このアカウントでは、選んだ分野のお知らせと緊急情報をお送りします。個別のお問い合わせは、%(city)s %(phone)s"
        "（%(hours)s）にお電話ください。"
    ) % {"city": city.name, "phone": city.phone or "", "hours": city.office_hours}
    return [text_message(text, _menu_buttons())]


def _link(endpoint: Endpoint, _values: Values) -> Answer:
    if endpoint.recipient.account_id is not None:
        return [text_message(_("すでにアカウントと連携しています。"), _menu_buttons())]
    address = f"{site_address()}/line/link/?linkToken={LINK_TOKEN}"
    title = _("市のアカウントと連携する")
    text = _("ご自分の手続の連絡もLINEに届くようになります。市のサイトにサインインして進んでください（10分以内）。")
    return [card(title=title, text=text, buttons=[link(_("サインインへ進む"), address), postback(_("やめる"), "menu")])]


def _number(values: Values) -> int:
    text = values.get("page", "1")
    return max(1, min(int(text), 1000)) if text.isascii() and text.isdecimal() else 1


_ACTIONS: dict[str, Callable[[Endpoint, Values], Answer]] = {
    "about_me": _about_me,
    "child": _child,
    "children": _children,
    "help": _help,
    "language": _language,
    "link": _link,
    "menu": _menu,
    "no_children": _no_children,
    "seen": _seen,
    "stop": _stop,
    "stop_all": _stop_all,
    "topic": _topic,
    "topics": _topics,
    "town": _town,
    "towns": _towns,
}
