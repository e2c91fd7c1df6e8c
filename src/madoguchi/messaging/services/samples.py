"""What the messaging room of a demonstration begins with: topics, people who wish to hear, a message sent and one in work."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Unit

from ..enums import ChannelKey, MessageStatus, NeedCode, SignageKind, SubscriptionSource
from ..models import Message, Playlist, Recipient, Topic
from ..rules.audience import parse_rule
from ..selectors.audience import count_audience
from .endpoints import add_endpoint
from .line.friends import follow
from .messages import approve_message, create_message, submit_message
from .needs import confirm_need, register_need
from .preferences import set_preferences
from .recipients import recipient_of, sync_recipients
from .signage import add_item, add_playlist, add_schedule
from .subscriptions import subscribe
from .topics import add_topic

TOPICS: tuple[tuple[str, Mapping[str, str], Mapping[str, str]], ...] = (
    (
        "children",
        {"ja": "子育て・教育", "en": "Children and school", "ja-easy": "こどもと学校（がっこう）"},
        {
            "ja": "健診、予防接種、保育園、学校のお知らせ",
            "en": "Check-ups, vaccinations, nurseries, schools",
            "ja-easy": "けんしん、よぼうせっしゅ、ほいくえん、がっこうの おしらせ",
        },
    ),
    (
        "safety",
        {"ja": "防災・防犯", "en": "Safety and disasters", "ja-easy": "さいがい・あんぜん"},
        {
            "ja": "避難訓練、備え、不審者の情報。緊急情報は購読しなくても届きます",
            "en": "Drills, preparation, crime. Emergency alerts reach you without a subscription",
            "ja-easy": "ひなんの れんしゅう、じゅんび。きんきゅうの おしらせは いつでも とどきます",
        },
    ),
    (
        "waste",
        {"ja": "ごみ・環境", "en": "Waste and environment", "ja-easy": "ごみ・かんきょう"},
        {
            "ja": "収集日の変更、分別、粗大ごみ",
            "en": "Changes of collection days, sorting, bulky waste",
            "ja-easy": "ごみを だす日（ひ）、わけかた、おおきい ごみ",
        },
    ),
    (
        "health",
        {"ja": "健康・福祉", "en": "Health and welfare", "ja-easy": "けんこう・ふくし"},
        {
            "ja": "検診、介護、障がい福祉、相談",
            "en": "Screenings, care, disability, advice",
            "ja-easy": "けんしん、かいご、そうだん",
        },
    ),
    (
        "events",
        {"ja": "イベント・講座", "en": "Events and courses", "ja-easy": "イベント・こうざ"},
        {
            "ja": "催し、講座、図書館、スポーツ",
            "en": "Events, courses, libraries, sports",
            "ja-easy": "イベント、べんきょうする ところ、としょかん、スポーツ",
        },
    ),
    (
        "foreign-residents",
        {"ja": "外国人住民の暮らし", "en": "Living here as a foreign resident", "ja-easy": "がいこくじんの くらし"},
        {
            "ja": "在留、日本語教室、通訳のある相談",
            "en": "Residence, Japanese classes, advice with interpreters",
            "ja-easy": "ざいりゅう、にほんごの べんきょう、つうやくが いる そうだん",
        },
    ),
)
"""Code, names and descriptions of the topics."""

SENT: dict[str, dict[str, str]] = {
    "ja": {
        "subject": "3歳児健診のお知らせ（見本）",
        "body": "{{name}}さん\n\n3歳になるお子さんの健診を行います。\n\n- 場所：保健センター\n- 持ち物：母子健康手帳、問診票\n\n"
        "都合が悪いときは、別の日に変えられます。{{unit}}（{{phone}}）にお電話ください。",
        "short": "3歳児健診のお知らせです。場所は保健センター、持ち物は母子健康手帳です。",
    },
    "en": {
        "subject": "Health check for three-year-olds (sample)",
        "body": "Dear {{name}},\n\nWe invite your child of three years to a health check.\n\n- Where: Health Centre\n"
        "- Bring: Maternal and Child Health Handbook, questionnaire\n\nTo change the day, call {{unit}} ({{phone}}).",
        "short": "Health check for three-year-olds at the Health Centre. Bring the Maternal and Child Health Handbook.",
    },
    "ja-easy": {
        "subject": "3さいの こどもの けんしん（見本：みほん）",
        "body": "{{name}}さん\n\n3さいの こどもの けんしんが あります。\n\n- ばしょ：ほけんセンター\n- もっていくもの：ぼしてちょう\n\n"
        "その日が だめな人は、でんわを してください。{{unit}}（{{phone}}）",
        "short": "3さいの こどもの けんしんが あります。ほけんセンターに きてください。",
    },
}
WRITTEN: dict[str, dict[str, str]] = {
    "ja": {
        "subject": "年末年始のごみ収集（見本）",
        "body": "年末年始は、ごみの収集日が変わります。\n\n- 年内の最後：12月30日\n- 年明けの最初：1月4日\n\n"
        "粗大ごみの申込みは、12月20日までにお願いします。",
        "short": "年末年始のごみ収集は、年内は12月30日まで、年明けは1月4日からです。",
    },
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Who acts in the samples: an author and an approver of messages, and crisis management."""

    author: Account
    approver: Account
    crisis: Account
    unit: Unit


def load_samples(*, staff: Staff, chance: random.Random) -> int:
    """Add what is missing of the samples in the municipality in scope; returns how many topics were added."""
    added = _add_topics(staff.unit)
    sync_recipients()
    if added:
        _add_people(staff, chance)
        _add_messages(staff)
        _add_playlist(staff.approver)
    return added


def _add_topics(unit: Unit) -> int:
    known = set(Topic.objects.values_list("code", flat=True))
    if known:
        return 0
    for order, (code, names, descriptions) in enumerate(TOPICS, start=1):
        texts: dict[str, Any] = {"descriptions": dict(descriptions), "unit": unit, "order": order * 10}
        add_topic(code=code, names=names, actor=None, system=True, **texts)
    return len(TOPICS)


def _add_people(staff: Staff, chance: random.Random) -> None:
    """Let half of the grown residents subscribe to something by mail, a few by LINE, and three register a need."""
    topics = list(Topic.objects.order_by("order"))
    grown = Recipient.objects.filter(
        resident__isnull=False, birth_date__lt=clock.today().replace(year=clock.today().year - 20)
    )
    people = list(grown.order_by("pk"))
    for number, person in enumerate(people):
        if number % 2 == 0:
            address = f"resident{number}@example.jp"
            add_endpoint(recipient=person, channel=ChannelKey.EMAIL, address=address, is_confirmed=True)
            set_preferences(recipient=person, has_consented=True)
            for topic in chance.sample(topics, chance.randint(1, 3)):
                subscribe(recipient=person, topic=topic, source=SubscriptionSource.OWN)
    _add_account(topics)
    for number in range(12):
        digest = hashlib.sha256(f"{staff.unit.municipality_id}/{number}".encode()).hexdigest()
        follow(user=f"U{digest[:32]}", at=clock.now())
    for person, code in zip(people[-3:], (NeedCode.WALKING, NeedCode.HEARING, NeedCode.ALONE), strict=False):
        need = register_need(recipient=person, code=code)
        if code != NeedCode.ALONE:
            confirm_need(need=need, actor=staff.crisis)


def _add_account(topics: list[Topic]) -> None:
    """Let the resident who can sign in hear of children and safety by mail."""
    account = Account.objects.filter(login="shimin").first()
    if account is None:
        return
    person = recipient_of(account=account)
    add_endpoint(recipient=person, channel=ChannelKey.EMAIL, address="shimin@example.jp", is_confirmed=True)
    set_preferences(recipient=person, has_consented=True)
    for topic in topics[:2]:
        subscribe(recipient=person, topic=topic, source=SubscriptionSource.OWN)


@transaction.atomic
def _add_messages(staff: Staff) -> None:
    children = Topic.objects.get(code="children")
    message = create_message(
        actor=staff.author, contents=SENT, audience={"topic": ["children"]}, topic=children, unit=staff.unit
    )
    _send(message, staff)
    create_message(
        actor=staff.author,
        contents=WRITTEN,
        audience={"topic": ["waste"]},
        topic=Topic.objects.get(code="waste"),
        unit=staff.unit,
    )


def _send(message: Message, staff: Staff) -> None:
    people = _people_meant(message)
    submitted = submit_message(
        message=message, actor=staff.author, seen_revision=message.revision, confirmed_count=people
    )
    for approver in (staff.approver, staff.crisis):
        if submitted.status == MessageStatus.WAITING:
            submitted = approve_message(
                message=submitted, actor=approver, seen_revision=submitted.revision, confirmed_count=people
            )


def _people_meant(message: Message) -> int:
    return count_audience(parse_rule(message.audience)).people


@transaction.atomic
def _add_playlist(actor: Account) -> Playlist:
    playlist = add_playlist(name="ロビーの案内（見本）", actor=actor)
    for source, name in (
        ("messaging.clock", "日付と時刻"),
        ("messaging.news", "お知らせ"),
        ("messaging.closures", "閉庁日"),
    ):
        add_item(playlist=playlist, kind=SignageKind.LIVE, name=name, source=source, seconds=12, actor=actor)
    add_item(
        playlist=playlist,
        kind=SignageKind.TEXT,
        name="ようこそ",
        contents={
            "ja": {"title": "ようこそ市役所へ", "body": "総合案内は正面入口の右手です。"},
            "en": {"title": "Welcome to the City Hall", "body": "Information is on the right of the main entrance."},
            "ja-easy": {
                "title": "ようこそ しやくしょへ",
                "body": "わからない ときは、入口（いりぐち）で 聞（き）いてください。",
            },
        },
        seconds=12,
        actor=actor,
    )
    add_schedule(playlist=playlist, actor=actor)
    return playlist
