"""The pages of the simulated provider: plain, accessible, without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .checkout import CARD_WORDS, CARDS, CHALLENGE_CODE, Problem
from .delivery import WEBHOOK_FAULTS
from .store import Session

STYLE = """
:root { font-family: "Noto Sans JP", "Hiragino Sans", Meiryo, sans-serif; line-height: 1.7; color: #1a1a1c; }
body { margin: 0; background: #f1f1f4; }
header, main, footer { max-width: 40rem; margin: 0 auto; padding: 1rem; box-sizing: border-box; }
header { font-weight: 700; }
main { background: #fff; border: 1px solid #d8d8db; border-radius: .75rem; padding: 1.25rem; }
h1 { font-size: 1.5rem; line-height: 1.4; margin: 0 0 .75rem; }
h2 { font-size: 1.125rem; margin: 2rem 0 .5rem; padding-top: 1rem; border-top: 1px solid #d8d8db; }
.banner { background: #fff3cd; border-block-end: 2px solid #927200; margin: 0; padding: .5rem 1rem; text-align: center; }
.amount { font-size: 2rem; font-weight: 700; margin: 0; font-variant-numeric: tabular-nums; }
label, legend { font-weight: 700; display: block; margin-top: 1rem; }
.hint { color: #4d4d4d; margin: 0; font-size: .9375rem; font-weight: 400; }
input[type=text], select { font: inherit; width: 100%; box-sizing: border-box; min-height: 3rem; padding: .5rem .75rem;
  border: 1px solid #626264; border-radius: .5rem; background: #fff; color: inherit; }
.short { max-width: 9rem; }
button, .button { font: inherit; font-weight: 700; min-height: 3rem; padding: .5rem 1.5rem; border-radius: .5rem; border: 1px solid #0017c1;
  background: #0017c1; color: #fff; margin-top: 1.25rem; cursor: pointer; width: 100%; box-sizing: border-box; display: inline-block;
  text-align: center; text-decoration: none; }
.quiet { background: #fff; color: #0017c1; }
:focus-visible { outline: 4px solid #000; outline-offset: 2px; box-shadow: 0 0 0 2px #ffd43d; }
.problems { border: 2px solid #c40000; border-radius: .5rem; padding: .75rem 1rem; margin-bottom: 1rem; }
.problems h2 { border: 0; margin: 0; padding: 0; color: #c40000; }
.problem { color: #c40000; font-weight: 700; margin: 0; }
.number { font-size: 1.5rem; font-weight: 700; letter-spacing: .08em; margin: .25rem 0; }
details { margin-top: 1rem; }
summary { min-height: 2.75rem; line-height: 2.75rem; cursor: pointer; font-weight: 700; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
th, td { border-bottom: 1px solid #d8d8db; padding: .5rem .25rem; text-align: start; font-weight: 400; }
a { color: #0017c1; }
footer { color: #4d4d4d; font-size: .875rem; }
@media (min-width: 40rem) { header, footer { padding-inline: 1.25rem; } main { padding: 2rem; } }
"""
METHOD_WORDS = {"card": "クレジットカード", "store": "コンビニ払い", "code": "コード決済"}
TROUBLE = "お支払い方法をご確認ください"


def page(title: str, body: str) -> str:
    """Return a whole page."""
    return (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}｜まどぐち決済（模擬）</title>"
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head><body>'
        '<p class="banner" role="note">試験用の模擬決済です。お金は動きません。本物のカード番号を入力しないでください。</p>'
        f"<header>まどぐち決済（模擬）</header><main>{body}</main>"
        "<footer>決済代行会社の画面を模したページです。</footer></body></html>"
    )


def checkout(session: Session, problems: Sequence[Problem] = (), answers: dict[str, str] | None = None) -> str:
    """Return the page on which the payer chooses how to pay."""
    sections = {"card": _card, "store": _store, "code": _code}
    parts = "".join(
        sections[method](session, problems, answers or {}) for method in session.methods if method in sections
    )
    cancel = _form(
        session, "cancel", "", '<button class="quiet" name="step" value="cancel">支払いをやめて戻る</button>'
    )
    return page("お支払い", f"{_summary(problems)}{_head(session)}{parts}{cancel}")


def _head(session: Session) -> str:
    return (
        f"<h1>お支払い</h1><p>{escape(session.description)}</p>"
        f'<p class="amount">{session.amount:,}円</p>'
        f'<p class="hint">納付番号 {escape(session.metadata.get("number", ""))}</p>'
    )


def _summary(problems: Sequence[Problem]) -> str:
    if not problems:
        return ""
    lines = "".join(f'<li><a href="#{one.field}">{escape(one.message)}</a></li>' for one in problems)
    return f'<div class="problems" role="alert"><h2>{TROUBLE}</h2><ul>{lines}</ul></div>'


def _form(session: Session, step: str, inner: str, buttons: str) -> str:
    return f'<form method="post" action="/pay/{session.id}/{step}" novalidate>{inner}{buttons}</form>'


def _field(name: str, label: str, hint: str, problems: Sequence[Problem], value: str = "", short: bool = False) -> str:
    wrong = next((one.message for one in problems if one.field == name), "")
    described = f"{name}-hint" + (f" {name}-problem" if wrong else "")
    error = f'<p class="problem" id="{name}-problem">{escape(wrong)}</p>' if wrong else ""
    style = ' class="short"' if short else ""
    invalid = ' aria-invalid="true"' if wrong else ""
    return (
        f'<label for="{name}">{label}</label><p class="hint" id="{name}-hint">{hint}</p>{error}'
        f'<input type="text" id="{name}" name="{name}" value="{escape(value)}" inputmode="numeric" autocomplete="off"'
        f' aria-describedby="{described}"{invalid}{style}>'
    )


def _card(session: Session, problems: Sequence[Problem], answers: dict[str, str]) -> str:
    fields = (
        _field("number", "カード番号", "例：4242 4242 4242 4242", problems, answers.get("number", ""))
        + _field("expiry", "有効期限（月/年）", "例：12/30", problems, answers.get("expiry", ""), short=True)
        + _field("security", "セキュリティコード", "裏面の3桁か、表面の4桁", problems, short=True)
        + _faults("card", session)
    )
    rows = "".join(
        f"<tr><td>{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}</td><td>{CARD_WORDS[outcome]}</td></tr>"
        for number, outcome in CARDS.items()
    )
    cards = (
        "<details><summary>試験用のカード番号</summary><table><thead><tr><th scope=col>番号</th><th scope=col>結果</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></details>"
    )
    buttons = f"<button>{session.amount:,}円をカードで支払う</button>"
    return f"<h2>クレジットカード</h2>{_form(session, 'card', fields, buttons)}{cards}"


def _faults(form: str, session: Session) -> str:
    chosen = session.faults[0] if session.faults else ""
    options = "".join(
        f'<option value="{key}"{" selected" if key == chosen else ""}>{words}</option>'
        for key, words in WEBHOOK_FAULTS.items()
    )
    return (
        f'<details><summary>試験：結果の通知のしかた</summary><label for="fault-{form}">通知</label>'
        f'<select id="fault-{form}" name="fault"><option value="">正しく通知する</option>{options}</select></details>'
    )


def _store(session: Session, problems: Sequence[Problem], answers: dict[str, str]) -> str:
    inner = f'<p class="hint">払込番号を発行します。番号をお店の端末に入力して、レジでお支払いください。</p>{_faults("store", session)}'
    return f"<h2>コンビニ払い</h2>{_form(session, 'store', inner, '<button class=quiet>払込番号を発行する</button>')}"


def _code(session: Session, problems: Sequence[Problem], answers: dict[str, str]) -> str:
    inner = f'<p class="hint">スマートフォンの決済アプリで承認します。</p>{_faults("code", session)}'
    return f"<h2>コード決済</h2>{_form(session, 'code', inner, '<button class=quiet>決済アプリで支払う</button>')}"


def challenge(session: Session, problems: Sequence[Problem] = ()) -> str:
    """Return the page of the card company (3-D Secure)."""
    field = _field("code", "認証コード", f"試験用のコードは{CHALLENGE_CODE}です。", problems, short=True)
    return page(
        "本人認証",
        f"{_summary(problems)}<h1>本人認証（3Dセキュア）</h1><p>カード会社が本人確認を求めています。</p>"
        f"{_form(session, 'challenge', field, '<button>認証する</button>')}",
    )


def shop(session: Session) -> str:
    """Return the page with the number for the shop."""
    until = f"<p>支払期限：{session.pay_by}</p>" if session.pay_by else ""
    number = session.store_number
    return page(
        "払込番号",
        f"<h1>お店でお支払いください</h1><p>{escape(session.description)}</p><p class=amount>{session.amount:,}円</p>"
        f"<p>払込番号</p><p class=number>{number[:4]}-{number[4:8]}-{number[8:]}</p>{until}"
        f'<p><a class="button" href="{escape(session.return_url)}">手続の画面に戻る</a></p>'
        f"{_form(session, 'shop-paid', '', '<button class=quiet>試験：お店で支払ったことにする</button>')}",
    )


def app(session: Session) -> str:
    """Return the page of the payment application."""
    return page(
        "決済アプリ",
        f"<h1>決済アプリで承認してください</h1><p>{escape(session.description)}</p><p class=amount>{session.amount:,}円</p>"
        f"{_form(session, 'code-approve', '', '<button>承認する</button>')}",
    )


def over(session: Session) -> str:
    """Return the page of a session that has come to its end."""
    words = {
        "captured": "お支払いは済んでいます。",
        "expired": "この支払い画面は有効時間が過ぎました。手続の画面から、もう一度お進みください。",
        "cancelled": "この支払い画面は取り消されています。手続の画面から、もう一度お進みください。",
    }.get(session.status, "この支払い画面は使えません。")
    return page(
        "お支払い",
        f'<h1>{words}</h1><p><a class="button" href="{escape(session.return_url)}">手続の画面に戻る</a></p>',
    )


def missing() -> str:
    """Return the page for an address that leads nowhere."""
    return page("見つかりません", "<h1>ページが見つかりません</h1><p>手続の画面から、もう一度お進みください。</p>")
