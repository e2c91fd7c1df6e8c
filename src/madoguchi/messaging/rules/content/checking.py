"""Everything that can be wrong with the texts of a message, each at its field."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from madoguchi.kit import check_digits

from .easy import check_easy
from .languages import EASY, ENGLISH, FIELDS, JAPANESE, Contents
from .lengths import (
    BODY_LIMIT,
    EMAIL,
    LINE,
    LINE_LIMIT,
    LINK_LENGTH,
    PUSH_LIMIT,
    SHORT_LIMIT,
    SMS,
    SMS_PARTS,
    SUBJECT_LIMIT,
    WEB_PUSH,
    sms_parts,
    units,
)
from .links import link_fault, links_in
from .placeholders import PLACEHOLDERS, malformed_in, names_in, placed_in_links
from .problems import N_, ContentProblem, Severity

_LIMITS = {"subject": SUBJECT_LIMIT, "body": BODY_LIMIT, "short": SHORT_LIMIT}
_FAULTS = {
    "long": N_("アドレスが長すぎます（2,000文字まで）：%(link)s…"),
    "user": N_("アドレスに利用者名やパスワードを入れないでください：%(link)s"),
    "host": N_("アドレスが正しくありません：%(link)s"),
}


def check_contents(
    contents: Contents, *, placeholders: Collection[str] = tuple(PLACEHOLDERS), channels: Collection[str] = ()
) -> list[ContentProblem]:
    """
    Return what is wrong with the texts of a message, errors first.

    ``placeholders`` are the ones that can be filled; ``channels`` the ways it goes (none: every way). A message with an error
    is not sent.
    """
    found = [
        *_completeness(contents),
        *_placeholders(contents, placeholders),
        *_lengths(contents, channels or (EMAIL, LINE, WEB_PUSH, SMS)),
        *_links(contents),
        *_numbers(contents),
    ]
    if easy := contents.get(EASY):
        for name in FIELDS:
            if easy.get(name):
                found.extend(check_easy(f"{EASY}.{name}", easy[name]))
    return sorted(found, key=lambda problem: not problem.is_error)


def errors_in(contents: Contents, *, channels: Collection[str] = ()) -> list[ContentProblem]:
    """Return what keeps a message from being sent."""
    return [problem for problem in check_contents(contents, channels=channels) if problem.is_error]


def _completeness(contents: Contents) -> Iterator[ContentProblem]:
    for language in dict.fromkeys([JAPANESE, *contents]):
        variant = contents.get(language, {})
        for name, message in (("subject", N_("件名を書いてください。")), ("body", N_("本文を書いてください。"))):
            if not variant.get(name, "").strip():
                yield ContentProblem(f"{language}.{name}", "missing", message)
    for language, message in (
        (EASY, N_("やさしい日本語がありません。やさしい日本語を選んだ人には、日本語で届きます。")),
        (ENGLISH, N_("英語がありません。日本語の分からない人にも、日本語で届きます。")),
    ):
        if language not in contents:
            yield ContentProblem(language, "language_missing", message, {}, Severity.WARNING)


def _placeholders(contents: Contents, known: Collection[str]) -> Iterator[ContentProblem]:
    original = contents.get(JAPANESE, {})
    for language, variant in contents.items():
        for name in FIELDS:
            text, path = variant.get(name, ""), f"{language}.{name}"
            yield from _malformed(path, text)
            used = names_in(text)
            for placeholder in sorted(used - set(known)):
                yield ContentProblem(
                    path,
                    "unknown_placeholder",
                    N_("差込み項目「{{%(name)s}}」はありません。使えるのは%(known)sです。"),
                    {"name": placeholder, "known": "、".join("{{" + one + "}}" for one in known)},
                )
            if text:
                yield from _left_out(path, (names_in(original.get(name, "")) & set(known)) - used)


def _malformed(path: str, text: str) -> Iterator[ContentProblem]:
    for written in malformed_in(text):
        yield ContentProblem(
            path,
            "malformed_placeholder",
            N_("差込み項目「%(written)s」の書き方が正しくありません。半角で {{name}} のように書いてください。"),
            {"written": written},
        )
    for name in placed_in_links(text):
        yield ContentProblem(
            path,
            "placeholder_in_link",
            N_("アドレスの中に差込み項目「{{%(name)s}}」は使えません。"),
            {"name": name},
        )


def _left_out(path: str, missing: Collection[str]) -> Iterator[ContentProblem]:
    for name in sorted(missing):
        yield ContentProblem(
            path,
            "missing_placeholder",
            N_("日本語にある差込み項目「{{%(name)s}}」が、この言語の文にありません。"),
            {"name": name},
        )


def _lengths(contents: Contents, channels: Collection[str]) -> Iterator[ContentProblem]:
    for language, variant in contents.items():
        for name, limit in _LIMITS.items():
            length = units(variant.get(name, ""))
            if length > limit:
                yield _too_long(f"{language}.{name}", length, limit)
        whole = units(variant.get("subject", "")) + units(variant.get("body", "")) + LINK_LENGTH
        if LINE in channels and LINE_LIMIT < whole <= BODY_LIMIT:
            yield ContentProblem(
                f"{language}.body",
                "too_long_for_line",
                N_("LINEで送るには長すぎます（%(length)s文字、上限%(limit)s文字）。短くするか、LINEを外してください。"),
                {"length": whole, "limit": LINE_LIMIT},
            )
        yield from _short(f"{language}.short", variant, channels)


def _too_long(path: str, length: int, limit: int) -> ContentProblem:
    return ContentProblem(
        path,
        "too_long",
        N_("長すぎます（%(length)s文字）。%(limit)s文字までにしてください。"),
        {"length": length, "limit": limit},
    )


def _short(path: str, variant: Mapping[str, str], channels: Collection[str]) -> Iterator[ContentProblem]:
    text = variant.get("short", "") or variant.get("subject", "")
    parts = sms_parts(text)
    if SMS in channels and parts > SMS_PARTS:
        yield ContentProblem(
            path,
            "too_long_for_sms",
            N_("SMSで送るには長すぎます（%(parts)s通分）。%(limit)s通分までにしてください。"),
            {"parts": parts, "limit": SMS_PARTS},
        )
    elif SMS in channels and parts > 1:
        yield ContentProblem(
            path,
            "sms_parts",
            N_("SMSは1人に%(parts)s通分の料金がかかります（70文字までなら1通分です）。"),
            {"parts": parts},
            Severity.WARNING,
        )
    if WEB_PUSH in channels and units(text) > PUSH_LIMIT:
        yield ContentProblem(
            path,
            "push_cut",
            N_("ブラウザーの通知では、%(limit)s文字より後ろが切れることがあります。"),
            {"limit": PUSH_LIMIT},
            Severity.WARNING,
        )


def _links(contents: Contents) -> Iterator[ContentProblem]:
    for language, variant in contents.items():
        for name in FIELDS:
            path = f"{language}.{name}"
            for link in links_in(variant.get(name, "")):
                if fault := link_fault(link):
                    yield ContentProblem(path, f"link_{fault}", _FAULTS[fault], {"link": link[:80]})
                elif link.startswith("http://") and "localhost" not in link:
                    yield ContentProblem(
                        path,
                        "link_insecure",
                        N_("暗号化されていないアドレスです。https:// で始まるものがないか確かめてください：%(link)s"),
                        {"link": link[:80]},
                        Severity.WARNING,
                    )


def _numbers(contents: Contents) -> Iterator[ContentProblem]:
    for language, variant in contents.items():
        for name in FIELDS:
            if check_digits.looks_like_my_number(variant.get(name, "")):
                yield ContentProblem(
                    f"{language}.{name}",
                    "my_number",
                    N_("マイナンバーと思われる12桁の数字があります。マイナンバーなら消してください。"),
                    {},
                    Severity.WARNING,
                )
