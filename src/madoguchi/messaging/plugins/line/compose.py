"""How a message looks on LINE: its text, and a card with the way to the whole of it."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from ...registry import Outgoing, Preview
from ...rules.line import ALT_LIMIT, LABEL_LIMIT, MOST_MESSAGES, TEXT_LIMIT, cut, measure, pack, split_text

RED, BLACK, WHITE, BLUE = "#B00020", "#1A1A1C", "#FFFFFF", "#0017C1"
TITLE_LIMIT, WORD_LIMIT = 120, 300

Json = dict[str, Any]


def messages_for(outgoing: Outgoing) -> list[Json]:
    """Return at most five message objects of the Messaging API: the text in parts, then the card."""
    with translation.override(outgoing.language):
        texts = split_text(_whole(outgoing))
        room = MOST_MESSAGES - 1
        if len(texts) > room:
            texts = [*texts[: room - 1], cut("\n".join(texts[room - 1 :]), TEXT_LIMIT)]
        card = _card(outgoing)
        parts = [{"type": "text", "text": text} for text in texts]
        # In an emergency the red card comes first: it is what the eye falls on.
        return [card, *parts] if outgoing.is_emergency else [*parts, card]


def preview_of(outgoing: Outgoing) -> Preview:
    """Return what a friend's phone would show, and what does not fit."""
    messages = messages_for(outgoing)
    texts = [message["text"] for message in messages if message["type"] == "text"]
    buttons = "\n".join(f"［{label}］" for label, _action in _buttons(outgoing))
    shown = tuple((_("吹き出し %(number)s") % {"number": place}, text) for place, text in enumerate(texts, start=1))
    card = (_("カード"), f"{_headline(outgoing)}\n{_word(outgoing)}\n{buttons}".strip())
    parts = [card, *shown] if outgoing.is_emergency else [*shown, card]
    parts.append(
        (
            _("お名前"),
            _("LINEにお名前は送りません。お名前の所は、どなたにも合う書き方（「みなさま」など）になります。"),
        )
    )
    problems = []
    if measure(_whole(outgoing)) > TEXT_LIMIT * (MOST_MESSAGES - 1):
        problems.append(_("長すぎるため、LINEでは途中までしか表示されません。続きはカードのリンクから読めます。"))
    if outgoing.attachments:
        problems.append(_("LINEに添付ファイルは送れません。カードのリンクから開けます。"))
    return Preview(parts=tuple(parts), problems=tuple(problems))


def text_message(text: str, replies: list[tuple[str, Json]] | None = None) -> Json:
    """Return a text, with quick replies as (label, action) where there are any."""
    message: Json = {"type": "text", "text": cut(text, TEXT_LIMIT)}
    if replies:
        message["quickReply"] = {"items": [{"type": "action", "action": action} for _label, action in replies]}
    return message


def postback(label: str, action: str, **values: str) -> tuple[str, Json]:
    """Return a button that tells us something; what it says is shown as if the person had written it."""
    short = cut(label, LABEL_LIMIT)
    return label, {"type": "postback", "label": short, "data": pack(action, **values), "displayText": cut(label, 300)}


def link(label: str, address: str) -> tuple[str, Json]:
    """Return a button that opens a page."""
    return label, {"type": "uri", "label": cut(label, LABEL_LIMIT), "uri": address}


def card(*, title: str, text: str, buttons: list[tuple[str, Json]], colour: str = BLACK, others: str = "link") -> Json:
    """
    Return a card (flex message): a heading, some lines, buttons below each other; its alternative text says the same.

    ``others`` is how the buttons after the first look: ``link``, or ``secondary`` where they are to be seen as buttons.
    """
    body: list[Json] = [
        {"type": "text", "text": title, "weight": "bold", "size": "md", "wrap": True, "color": colour},
        {"type": "text", "text": text, "size": "sm", "wrap": True, "margin": "md", "color": BLACK},
    ]
    bubble: Json = {
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "contents": body[: 2 if text else 1]},
        "footer": _footer(buttons, others),
    }
    return {"type": "flex", "altText": cut(f"{title} {text}".strip(), ALT_LIMIT), "contents": bubble}


def _whole(outgoing: Outgoing) -> str:
    subject, body = outgoing.subject.strip(), outgoing.body.strip()
    return body if body.partition("\n")[0].strip() == subject else f"{subject}\n\n{body}".strip()


def _headline(outgoing: Outgoing) -> str:
    return cut(outgoing.subject.strip() or _("お知らせ"), TITLE_LIMIT)


def _word(outgoing: Outgoing) -> str:
    return cut(outgoing.gist, WORD_LIMIT)


def _buttons(outgoing: Outgoing) -> list[tuple[str, Json]]:
    buttons = [link(_("くわしく見る"), outgoing.page)] if outgoing.page else []
    if outgoing.alert_key:
        # The same for everybody it goes to: who pressed it is told by the webhook.
        buttons.append(postback(_("確認しました"), "seen", alert=outgoing.alert_key))
    if not outgoing.is_emergency:
        buttons.append(postback(_("受け取り方を変える"), "menu"))
    return buttons


def _card(outgoing: Outgoing) -> Json:
    buttons = _buttons(outgoing) or [postback(_("メニュー"), "menu")]
    others = "secondary" if outgoing.alert_key else "link"
    plain = card(title=_headline(outgoing), text=_word(outgoing), buttons=buttons, others=others)
    if not (outgoing.is_emergency or outgoing.is_drill):
        return plain
    mark = _("訓練") if outgoing.is_drill else _("緊急")
    band = [{"type": "text", "text": mark, "weight": "bold", "size": "xl", "color": WHITE}]
    plain["contents"] = {
        "type": "bubble",
        "header": {"type": "box", "layout": "vertical", "contents": band, "backgroundColor": _band(outgoing)},
        **{part: plain["contents"][part] for part in ("body", "footer")},
    }
    plain["altText"] = cut(f"【{mark}】{plain['altText']}", ALT_LIMIT)
    return plain


def _band(outgoing: Outgoing) -> str:
    return BLUE if outgoing.is_drill else RED


def _footer(buttons: list[tuple[str, Json]], others: str) -> Json:
    rows = [
        {
            "type": "button",
            "style": "primary" if place == 0 else others,
            "height": "sm",
            "action": action,
            **({"color": BLUE} if place == 0 else {}),
        }
        for place, (_label, action) in enumerate(buttons)
    ]
    return {"type": "box", "layout": "vertical", "spacing": "sm", "contents": rows}
