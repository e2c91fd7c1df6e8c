"""
What an applicant is told of an application, in three languages (行政手続法第9条: 情報の提供).

Short on purpose: a notice also goes by mail, LINE and SMS, so it names the procedure and what to do, and nothing personal. What
the section wrote, and the result with its reasons, is read after signing in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from .definition import Text

Texts = dict[str, dict[str, str]]

RECEIVED, CORRECTION, FEE, MESSAGE = "received", "correction", "fee", "message"
DECIDED, REFUSED, DOCUMENT, NEWS, DRAFT = "decided", "refused", "document", "news", "draft"
LANGUAGES = ("ja", "ja-easy", "en")
LONGEST_SUBJECT = 60
LONGEST_NAME = 36

_TEXTS: dict[str, Texts] = {
    RECEIVED: {
        "ja": {
            "subject": "「%(name)s」を受け付けました",
            "body": "「%(name)s」の申請を受け付けました。受付番号は %(number)s です。\n\nこれから担当が内容を確かめます。%(due)s"
            "分からないことがあるときは、こちらからご連絡します。いま、していただくことはありません。",
            "short": "「%(name)s」の申請を受け付けました。受付番号 %(number)s",
        },
        "ja-easy": {
            "subject": "「%(name)s」を うけとりました",
            "body": "「%(name)s」の もうしこみを うけとりました。番号（ばんごう）は %(number)s です。\n\n"
            "これから 市（し）の 人が 見ます。%(due)sいま、あなたが することは ありません。",
            "short": "「%(name)s」の もうしこみを うけとりました。番号 %(number)s",
        },
        "en": {
            "subject": "We received your application: %(name)s",
            "body": 'We received your application "%(name)s". Your reference number is %(number)s.\n\n'
            "We will now check it. %(due)sYou do not need to do anything now. We will contact you if we have questions.",
            "short": 'We received your application "%(name)s". Reference number: %(number)s',
        },
    },
    CORRECTION: {
        "ja": {
            "subject": "「%(name)s」の内容を直してください",
            "body": "「%(name)s」（受付番号 %(number)s）に、直していただきたいところがあります。%(due)s\n\n"
            "どこをどう直すかは、申請のページでご覧いただけます。直して送っていただくと、手続が進みます。",
            "short": "「%(name)s」に、直していただきたいところがあります。%(due)s",
        },
        "ja-easy": {
            "subject": "「%(name)s」を なおしてください",
            "body": "「%(name)s」（番号 %(number)s）に、なおして ほしい ところが あります。%(due)s\n\n"
            "どこを なおすかは、もうしこみの ページで 見る ことが できます。",
            "short": "「%(name)s」に、なおして ほしい ところが あります。%(due)s",
        },
        "en": {
            "subject": "Please correct your application: %(name)s",
            "body": 'Something in your application "%(name)s" (number %(number)s) needs to be corrected. %(due)s\n\n'
            "The page of your application shows what to correct. We continue as soon as you send the correction.",
            "short": 'Something in your application "%(name)s" needs to be corrected. %(due)s',
        },
    },
    FEE: {
        "ja": {
            "subject": "「%(name)s」の手数料をお支払いください",
            "body": "「%(name)s」（受付番号 %(number)s）の手数料 %(amount)s円をお支払いください。%(due)s\n\n"
            "申請のページから、カードやスマートフォン、コンビニでお支払いいただけます。"
            "市が、電話やメールで口座番号やカード番号をお尋ねすることはありません。",
            "short": "「%(name)s」の手数料 %(amount)s円をお支払いください。%(due)s",
        },
        "ja-easy": {
            "subject": "「%(name)s」の お金を はらってください",
            "body": "「%(name)s」（番号 %(number)s）の お金は %(amount)s円です。%(due)s\n\n"
            "もうしこみの ページから はらう ことが できます。"
            "市（し）の 人が 電話や メールで カードの 番号を 聞く ことは ありません。",
            "short": "「%(name)s」の お金 %(amount)s円を はらってください。%(due)s",
        },
        "en": {
            "subject": "Please pay the fee: %(name)s",
            "body": 'Please pay the fee of %(amount)s yen for "%(name)s" (number %(number)s). %(due)s\n\n'
            "You can pay from the page of your application. The city never asks for account or card numbers by phone or e-mail.",
            "short": 'Please pay the fee of %(amount)s yen for "%(name)s". %(due)s',
        },
    },
    MESSAGE: {
        "ja": {
            "subject": "「%(name)s」の担当からメッセージが届きました",
            "body": "「%(name)s」（受付番号 %(number)s）について、担当からメッセージが届きました。\n\n"
            "申請のページでお読みいただけます。返信もできます。",
            "short": "「%(name)s」の担当からメッセージが届きました。",
        },
        "ja-easy": {
            "subject": "「%(name)s」の メッセージが あります",
            "body": "「%(name)s」（番号 %(number)s）の ことで、市（し）の 人から メッセージが あります。\n\n"
            "もうしこみの ページで 読んで ください。返事も できます。",
            "short": "「%(name)s」の ことで、市の 人から メッセージが あります。",
        },
        "en": {
            "subject": "A message about your application: %(name)s",
            "body": 'The section in charge sent you a message about "%(name)s" (number %(number)s).\n\n'
            "You can read and answer it on the page of your application.",
            "short": 'The section in charge sent you a message about "%(name)s".',
        },
    },
    DECIDED: {
        "ja": {
            "subject": "「%(name)s」の結果が決まりました",
            "body": "「%(name)s」（受付番号 %(number)s）の結果が決まりました。\n\n申請のページでご覧ください。%(outputs)s",
            "short": "「%(name)s」の結果が決まりました。",
        },
        "ja-easy": {
            "subject": "「%(name)s」の けっかが きまりました",
            "body": "「%(name)s」（番号 %(number)s）の けっかが きまりました。\n\n"
            "もうしこみの ページで 見て ください。%(outputs)s",
            "short": "「%(name)s」の けっかが きまりました。",
        },
        "en": {
            "subject": "A decision on your application: %(name)s",
            "body": 'Your application "%(name)s" (number %(number)s) has been decided.\n\n'
            "Please see the page of your application. %(outputs)s",
            "short": 'Your application "%(name)s" has been decided.',
        },
    },
    REFUSED: {
        "ja": {
            "subject": "「%(name)s」の結果のお知らせ",
            "body": "「%(name)s」（受付番号 %(number)s）の結果が決まりました。\n\n"
            "結果とその理由、不服があるときの方法は、通知書に書いてあります。申請のページでご覧ください。"
            "分からないことは、担当にお尋ねください。",
            "short": "「%(name)s」の結果が決まりました。申請のページでご覧ください。",
        },
        "ja-easy": {
            "subject": "「%(name)s」の けっか",
            "body": "「%(name)s」（番号 %(number)s）の けっかが きまりました。\n\n"
            "けっかと 理由（りゆう）は、もうしこみの ページで 見て ください。"
            "わからない ときは、市（し）の 人に 聞いて ください。",
            "short": "「%(name)s」の けっかが きまりました。",
        },
        "en": {
            "subject": "The result of your application: %(name)s",
            "body": 'Your application "%(name)s" (number %(number)s) has been decided.\n\n'
            "The notice on the page of your application gives the result, the reasons, and how to appeal. "
            "Please ask us if anything is unclear.",
            "short": 'Your application "%(name)s" has been decided. Please see its page.',
        },
    },
    DOCUMENT: {
        "ja": {
            "subject": "「%(name)s」の文書ができました",
            "body": "「%(name)s」（受付番号 %(number)s）の文書ができました。\n\n申請のページからお受け取りください。",
            "short": "「%(name)s」の文書ができました。申請のページからお受け取りください。",
        },
        "ja-easy": {
            "subject": "「%(name)s」の 書類（しょるい）が できました",
            "body": "「%(name)s」（番号 %(number)s）の 書類（しょるい）が できました。\n\n"
            "もうしこみの ページで うけとって ください。",
            "short": "「%(name)s」の 書類が できました。",
        },
        "en": {
            "subject": "Your document is ready: %(name)s",
            "body": 'The document for "%(name)s" (number %(number)s) is ready.\n\n'
            "You can get it from the page of your application.",
            "short": 'The document for "%(name)s" is ready.',
        },
    },
    NEWS: {
        "ja": {
            "subject": "「%(name)s」についてのお知らせ",
            "body": "「%(name)s」（受付番号 %(number)s）について、新しいお知らせがあります。\n\n申請のページでご覧ください。",
            "short": "「%(name)s」について、新しいお知らせがあります。",
        },
        "ja-easy": {
            "subject": "「%(name)s」の おしらせ",
            "body": "「%(name)s」（番号 %(number)s）の あたらしい おしらせが あります。\n\nもうしこみの ページで 見て ください。",
            "short": "「%(name)s」の あたらしい おしらせが あります。",
        },
        "en": {
            "subject": "News about your application: %(name)s",
            "body": 'There is news about your application "%(name)s" (number %(number)s).\n\n'
            "Please see the page of your application.",
            "short": 'There is news about your application "%(name)s".',
        },
    },
    DRAFT: {
        "ja": {
            "subject": "入力途中の「%(name)s」は%(day)sに消えます",
            "body": "「%(name)s」の入力が途中です。%(day)sを過ぎると、入力した内容は消えます。\n\n"
            "続けるときは、その日までに開いて保存してください。保存すると、期限が延びます。もう必要のないときは、何もしなくてかまいません。",
            "short": "入力途中の「%(name)s」は、%(day)sを過ぎると消えます。",
        },
        "ja-easy": {
            "subject": "「%(name)s」は %(day)sに きえます",
            "body": "「%(name)s」は、まだ おわって いません。%(day)sを すぎると、書いた ことは きえます。\n\n"
            "つづける ときは、その日までに ひらいて ほぞんして ください。いらない ときは、なにも しなくて いいです。",
            "short": "「%(name)s」は、%(day)sを すぎると きえます。",
        },
        "en": {
            "subject": "Your draft will be deleted after %(day)s: %(name)s",
            "body": 'You have not finished "%(name)s". What you entered will be deleted after %(day)s.\n\n'
            "To continue, open and save it by then; saving keeps it longer. If you no longer need it, you do not have to do anything.",
            "short": 'Your draft of "%(name)s" will be deleted after %(day)s.',
        },
    },
}

_UNTIL = {"ja": "期限は%(day)sです。", "ja-easy": "%(day)sまでです。", "en": "Please do so by %(day)s. "}
_RESULT = {
    "ja": "%(day)sごろまでに結果をお知らせする予定です。",
    "ja-easy": "%(day)sごろまでに けっかを しらせます。",
    "en": "We plan to tell you the result by about %(day)s. ",
}
_OUTPUTS = {
    "ja": "文書は、できしだいお知らせします。",
    "ja-easy": "書類（しょるい）が できたら しらせます。",
    "en": "We will tell you when your document is ready.",
}


def notice(
    occasion: str,
    *,
    name: Text,
    number: str = "",
    due: date | None = None,
    day: date | None = None,
    amount: int = 0,
    has_outputs: bool = False,
) -> Texts:
    """
    Return what is said on an occasion as contents of a message: subject, body and short form in every language.

    ``due`` is the day something is asked for by, or the result is planned for; ``day`` the day a draft goes; ``amount`` yen.
    """
    until = _RESULT if occasion == RECEIVED else _UNTIL
    made: Texts = {}
    for language in LANGUAGES:
        values = {
            "name": _plain(name.in_language(language)),
            "number": number,
            "amount": f"{amount:,}",
            "day": "" if day is None else _say(day, language),
            "due": "" if due is None else until[language] % {"day": _say(due, language)},
            "outputs": _OUTPUTS[language] if has_outputs else "",
        }
        made[language] = {key: _filled(text, values, key) for key, text in _TEXTS[occasion][language].items()}
    return made


def _filled(text: str, values: Mapping[str, str], key: str) -> str:
    said = (text % values).strip()
    return said if key != "subject" or len(said) <= LONGEST_SUBJECT else said[: LONGEST_SUBJECT - 1] + "…"


def _plain(name: str) -> str:
    """Return a name that nothing reads as a placeholder, short enough for a subject."""
    plain = " ".join(name.replace("{", "（").replace("}", "）").split())
    return plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - 1] + "…"


_YOUBI = "月火水木金土日"


def _say(day: date, language: str) -> str:
    if language == "en":
        return f"{day:%B} {day.day}, {day.year}"
    if language == "ja-easy":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日（{_YOUBI[day.weekday()]}）"
