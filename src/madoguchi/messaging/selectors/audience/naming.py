"""What the codes of rules are called, and what staff can choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from ...enums import NeedCode
from ...models import Recipient, Topic
from ...registry import audience_sources
from ...rules import audience as rules

LANGUAGES: dict[str, tuple[str, str]] = {
    "ja": ("日本語", N_("日本語")),
    "ja-easy": ("やさしい日本語", N_("やさしい日本語")),
    "en": ("English", N_("英語")),
    "zh-hans": ("简体中文", N_("中国語（簡体字）")),
    "ko": ("한국어", N_("韓国・朝鮮語")),
    "vi": ("Tiếng Việt", N_("ベトナム語")),
    "pt": ("Português", N_("ポルトガル語")),
    "es": ("Español", N_("スペイン語")),
    "tl": ("Filipino", N_("フィリピノ語")),
    "ne": ("नेपाली", N_("ネパール語")),
    "id": ("Bahasa Indonesia", N_("インドネシア語")),
}
"""Languages people can ask to be written to in: code → (its own name, its name as a msgid)."""

GRADE_NAMES: dict[str, str] = {
    "kinder3": N_("年少"),
    "kinder4": N_("年中"),
    "kinder5": N_("年長"),
    "elementary1": N_("小学1年生"),
    "elementary2": N_("小学2年生"),
    "elementary3": N_("小学3年生"),
    "elementary4": N_("小学4年生"),
    "elementary5": N_("小学5年生"),
    "elementary6": N_("小学6年生"),
    "junior1": N_("中学1年生"),
    "junior2": N_("中学2年生"),
    "junior3": N_("中学3年生"),
    "high1": N_("高校1年生の年齢"),
    "high2": N_("高校2年生の年齢"),
    "high3": N_("高校3年生の年齢"),
}


def language_names() -> dict[str, str]:
    """Return the languages of messages, code → name in the reader's language."""
    return {code: _(name) for code, (_own, name) in LANGUAGES.items()}


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Return a text of a topic in a language, else in English for foreign ones, else in Japanese."""
    order = (language, "ja") if language.startswith("ja") else (language, "en", "ja")
    return next((texts[code] for code in order if texts.get(code)), "")


def audience_names(language: str) -> dict[str, dict[str, str]]:
    """Return what the codes of rules are called in a language, for ``describe_rule``."""
    topics = {topic.code: in_language(topic.names, language) for topic in Topic.objects.all()}
    with translation.override(language if language.startswith("ja") else "en"):
        sources = {source.key: _(source.label) for source in audience_sources}
        values = {f"{source.key}:{code}": name for source in audience_sources for code, name in source.choices()}
        needs = {code.value: str(code.label) for code in NeedCode}
        return {"topic": topics, "language": language_names(), "need": needs, "source": sources | values}


def describe_audience(rule: rules.Rule, language: str = "ja") -> str:
    """Say in a language who is meant, with the names of topics, needs and sources."""
    return rules.describe_rule(rule, audience_names(language), language)


def town_choices() -> list[tuple[str, int]]:
    """Return the towns people live in, with how many of them, by name."""
    rows = Recipient.objects.filter(ended_at__isnull=True).exclude(town="").order_by().values("town")
    return [(row["town"], row["people"]) for row in rows.annotate(people=Count("pk")).order_by("town")]


def audience_choices(language: str) -> dict[str, Sequence[tuple[str, str]]]:
    """Return what staff can choose from, kind → (code, name): topic, town, language, need, grade, source."""
    names = audience_names(language)
    live = Topic.objects.filter(retired_at__isnull=True)
    return {
        "topic": [(topic.code, names["topic"][topic.code]) for topic in live],
        "town": [(town, town) for town, _people in town_choices()],
        "language": list(language_names().items()),
        "need": list(names["need"].items()),
        "grade": [(code, _(name)) for code, name in GRADE_NAMES.items()],
        "source": [(source.key, _(source.label)) for source in audience_sources],
    }
