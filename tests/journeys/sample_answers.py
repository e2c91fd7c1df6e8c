"""What the people of the journeys answer, by step and field of the demonstration's procedures."""

from __future__ import annotations

from datetime import date, timedelta

from madoguchi.kit import clock
from tests.procedures.residents import png

from .applicant import Answers

ADDRESS = {
    "postal_code": "250-0042",
    "prefecture": "神奈川県",
    "city": "小田原市",
    "town": "荻窪",
    "street": "300番地",
}
NAME = {"family": "港野", "given": "そら", "family_kana": "ミナトノ", "given_kana": "ソラ"}
CHILD = {"family": "海老沢", "given": "はる", "family_kana": "エビサワ", "given_kana": "ハル"}
PHONE_NUMBER = "0465-33-1234"
PERSON = {"name": NAME, "birth_date": date(1995, 7, 11), "address": ADDRESS, "phone": PHONE_NUMBER}
MOVED = clock.today() - timedelta(days=10)
MONDAY = clock.today() + timedelta(days=14 - clock.today().weekday())

CERTIFICATE: Answers = {
    "applicant": PERSON,
    "request": {"scope": "all", "purpose": "work", "copies": 1},
    "delivery": {"delivery": "electronic"},
}
MEDICAL: Answers = {
    "applicant": PERSON,
    "child": {
        "child_name": CHILD,
        "child_birth_date": date(2024, 4, 2),
        "event_on": MOVED,
        "insurance": "employer",
        "insurance_file": png(),
        "agreed": True,
    },
}
DOG: Answers = {
    "applicant": PERSON,
    "dog": {"dog_name": "ハチ", "moved_on": MOVED, "from_city": "千代田区", "has_tag": True, "tag_number": "123"},
}
WATER: Answers = {
    "applicant": {"name": NAME, "address": ADDRESS, "phone": PHONE_NUMBER},
    "water": {"place": ADDRESS, "day": clock.today() + timedelta(days=7), "use": "home"},
    "pay": {"by_account": False},
}
FROM_ABROAD: Answers = {
    "applicant": {
        "name": {"family": "グエン", "given": "アン", "family_kana": "グエン", "given_kana": "アン"},
        "birth_date": date(1998, 3, 4),
        "phone": PHONE_NUMBER,
    },
    "move": {"moved_on": MOVED, "moved_from": "abroad", "old_country": "ベトナム", "new_address": ADDRESS},
    "people": {"foreign": True, "head": "self"},
}
WASTE: Answers = {
    "applicant": {"name": NAME, "address": ADDRESS, "phone": PHONE_NUMBER},
    "items": {"items": [{"item": "いす", "long": False}]},
    "day": {"day": MONDAY, "place": "front", "carry": False},
}
