"""The pages of the simulated LINE: what each friend's phone would show, plain and without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from .store import Bot, Friend, Menu

TOKYO = ZoneInfo("Asia/Tokyo")
PER_PAGE = 50
STYLE = """
:root { font-family: "Noto Sans JP", "Hiragino Sans", Meiryo, sans-serif; line-height: 1.7; color: #1a1a1c; }
body { margin: 0; background: #e8edf3; overflow-wrap: anywhere; }
header, main { max-width: 34rem; margin: 0 auto; padding: 1rem; box-sizing: border-box; }
header { font-weight: 700; }
.banner { background: #fff3cd; border-block-end: 2px solid #927200; margin: 0; padding: .5rem 1rem; text-align: center; }
h1 { font-size: 1.375rem; line-height: 1.4; margin: 0 0 .75rem; }
h2 { font-size: 1.0625rem; margin: 1.5rem 0 .5rem; }
ul.plain, ol.chat { list-style: none; margin: 0; padding: 0; }
ul.plain li { background: #fff; border-bottom: 1px solid #d8d8db; padding: .75rem 1rem; }
ol.chat li { margin: .75rem 0; }
.balloon { background: #fff; border-radius: 1rem; padding: .625rem .875rem; display: inline-block; max-width: 88%;
  white-space: pre-wrap; box-sizing: border-box; }
.person { text-align: end; }
.person .balloon { background: #b9efb0; text-align: start; }
.card { padding: 0; overflow: hidden; width: 20rem; white-space: normal; }
.card .part { padding: .875rem; }
.card p { margin: 0 0 .5rem; }
.time, .hint { color: #4d4d4d; font-size: .875rem; margin: .125rem .5rem; }
.quick { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .5rem; }
form { display: inline; }
button, .button { font: inherit; font-weight: 700; min-height: 2.75rem; padding: .375rem 1rem; border-radius: .5rem;
  border: 1px solid #0017c1; background: #fff; color: #0017c1; cursor: pointer; box-sizing: border-box; display: inline-block;
  text-align: center; text-decoration: none; }
.primary { background: #0017c1; color: #fff; }
.wide { width: 100%; margin-top: .375rem; }
input, select { font: inherit; min-height: 2.75rem; padding: .375rem .75rem; border: 1px solid #626264; border-radius: .5rem;
  box-sizing: border-box; max-width: 100%; }
:focus-visible { outline: 4px solid #000; outline-offset: 2px; box-shadow: 0 0 0 2px #ffd43d; }
.menu { display: block; width: 100%; height: auto; border-radius: .5rem; }
.say { display: flex; gap: .5rem; margin-top: 1rem; }
.say input { flex: 1; min-width: 0; }
a { color: #0017c1; }
"""


def page(title: str, body: str) -> str:
    """Return a whole page."""
    return (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}｜LINE（模擬）</title>"
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head><body>'
        '<p class="banner" role="note">試験用の模擬LINEです。本物の LINE には何も送られません。</p>'
        f'<header><a href="/">LINE（模擬）</a></header><main>{body}</main></body></html>'
    )


def start(bots: Mapping[str, Bot]) -> str:
    """Return the list of accounts."""
    rows = "".join(
        f'<li><a href="/chats/{escape(key)}">{escape(key)}</a>'
        f'<p class="hint">友だち {sum(1 for one in bot.friends.values() if one.is_following):,}人・'
        f"配信 {bot.used:,}通・通知先 {escape(bot.webhook or 'なし')}</p></li>"
        for key, bot in sorted(bots.items())
    )
    return page("アカウント", f"<h1>公式アカウント</h1><ul class='plain'>{rows or '<li>まだありません。</li>'}</ul>")


def chats(bot: Bot, query: Mapping[str, str]) -> str:
    """Return the friends of an account, newest first, by pages."""
    number = max(1, int(query.get("page", "1")))
    friends = list(reversed(bot.friends.values()))
    shown = friends[(number - 1) * PER_PAGE : number * PER_PAGE]
    rows = "".join(
        f'<li><a href="/chats/{escape(bot.key)}/{one.user}">{escape(one.name)}</a>'
        f'{"" if one.is_following else "（ブロック中）"}<p class="hint">{escape(_last(one))}</p></li>'
        for one in shown
    )
    more = f'<p><a href="?page={number + 1}">次の{PER_PAGE}人</a></p>' if len(friends) > number * PER_PAGE else ""
    return page(
        "トーク",
        f"<h1>{escape(bot.key)} の友だち</h1><p>{len(friends):,}人</p>"
        f'<p><a class="button primary" href="/add/{escape(bot.key)}">友だち追加</a></p>'
        f'<ul class="plain">{rows or "<li>友だちはまだいません。</li>"}</ul>{more}',
    )


def adding(bot: Bot) -> str:
    """Return the page on which somebody adds the account."""
    return page(
        "友だち追加",
        f'<h1>{escape(bot.key)} を友だちに追加</h1><form method="post">'
        '<p><label for="name">LINEでの名前</label><br><input id="name" name="name" maxlength="20" value=""></p>'
        '<p><label for="language">スマートフォンの言語</label><br><select id="language" name="language">'
        '<option value="ja">日本語</option><option value="en">English</option></select></p>'
        '<p><button class="primary">追加</button></p></form>',
    )


def linked(bot: Bot, user: str) -> str:
    """Return the page after an account was linked."""
    return page(
        "連携", f'<h1>連携しました</h1><p><a class="button primary" href="/chats/{bot.key}/{user}">トークに戻る</a></p>'
    )


def missing() -> str:
    """Return the page for what there is not."""
    return page("ありません", "<h1>このページはありません</h1>")


def chat(bot: Bot, friend: Friend, menu: Menu | None) -> str:
    """Return what is on somebody's phone."""
    here = f"/chats/{bot.key}/{friend.user}"
    last = len(friend.chat) - 1
    rows = "".join(_entry(here, entry, is_last=place == last) for place, entry in enumerate(friend.chat))
    toggle = ("block", "ブロックする") if friend.is_following else ("unblock", "ブロックを解除する")
    return page(
        friend.name,
        f"<h1>{escape(friend.name)} のトーク</h1><ol class='chat'>{rows}</ol><div id='end'></div>"
        f'<form class="say" method="post" action="{here}"><input type="hidden" name="do" value="say">'
        '<input name="text" aria-label="メッセージ" autocomplete="off"><button class="primary">送信</button></form>'
        f"{_menu(here, bot, menu)}"
        f'<p>{_press(here, toggle[0], toggle[1])} <a class="button" href="{here}">更新</a></p>',
    )


def _last(friend: Friend) -> str:
    if not friend.chat:
        return "まだ何も届いていません"
    _side, message, at = friend.chat[-1]
    return f"{_clock(at)} {message.get('altText') or message.get('text') or message.get('type')}"[:80]


def _clock(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(TOKYO):%H:%M}"


def _entry(here: str, entry: tuple[str, Mapping[str, Any], str], *, is_last: bool) -> str:
    side, message, at = entry
    inner = _flex(here, message) if message["type"] == "flex" else f'<div class="balloon">{_text(message)}</div>'
    quick = message.get("quickReply", {}).get("items", []) if is_last else []
    buttons = "".join(_action(here, item["action"]) for item in quick)
    replies = f'<div class="quick">{buttons}</div>' if buttons else ""
    return f'<li class="{side}">{inner}<p class="time">{_clock(at)}</p>{replies}</li>'


def _text(message: Mapping[str, Any]) -> str:
    return escape(str(message.get("text") or message.get("altText") or f"［{message['type']}］"))


def _flex(here: str, message: Mapping[str, Any]) -> str:
    bubble = message["contents"]
    if bubble.get("type") != "bubble":
        return f'<div class="balloon">{escape(str(message["altText"]))}</div>'
    parts = "".join(_box(here, bubble[name]) for name in ("header", "body", "footer") if name in bubble)
    return f'<div class="balloon card">{parts}</div>'


def _box(here: str, box: Mapping[str, Any]) -> str:
    rows = ""
    for one in box["contents"]:
        if one["type"] == "text":
            weight = "<strong>{}</strong>" if one.get("weight") == "bold" else "{}"
            rows += f"<p>{weight.format(escape(one['text']))}</p>"
        elif one["type"] == "button":
            rows += _action(here, one["action"], wide=True, primary=one.get("style") == "primary")
    return f'<div class="part">{rows}</div>'


def _action(here: str, action: Mapping[str, Any], *, wide: bool = False, primary: bool = False) -> str:
    style = " ".join(["button", *(["wide"] if wide else []), *(["primary"] if primary else [])])
    label = escape(str(action.get("label", "")))
    if action["type"] == "uri":
        return f'<a class="{style}" href="{escape(str(action["uri"]))}">{label}</a>'
    if action["type"] == "message":
        return _press(here, "say", label, style, text=str(action["text"]))
    if action["type"] == "datetimepicker":
        limits = "".join(f' {name}="{escape(str(action[name]))}"' for name in ("min", "max") if name in action)
        return (
            f'<form method="post" action="{here}"><input type="hidden" name="do" value="press">'
            f'<input type="hidden" name="data" value="{escape(str(action["data"]))}">'
            f'<label>{label} <input type="date" name="date" required{limits}></label> <button class="{style}">決定</button></form>'
        )
    if action["type"] == "postback":
        return _press(here, "press", label, style, data=str(action["data"]), shown=str(action.get("displayText", "")))
    return f"<span>{label}</span>"


def _press(here: str, do: str, label: str, style: str = "button", **values: str) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in {"do": do, **values}.items()
    )
    return f'<form method="post" action="{here}">{hidden}<button class="{style}">{label}</button></form>'


def _menu(here: str, bot: Bot, menu: Menu | None) -> str:
    if menu is None:
        return '<p class="hint">リッチメニューはまだありません。</p>'
    buttons = "".join(
        _action(here, {**area["action"], "label": area["action"].get("label", "開く")})
        for area in menu.request["areas"]
    )
    return (
        f"<h2>{escape(menu.request['chatBarText'])}</h2>"
        f'<img class="menu" src="/menus/{bot.key}/{menu.id}" alt="リッチメニュー"><div class="quick">{buttons}</div>'
    )
