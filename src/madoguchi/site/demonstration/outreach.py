"""Messages of the demonstration: topics, people who wish to hear, a message on its way, indicators that count them."""

from __future__ import annotations

import random
from collections.abc import Iterator

from madoguchi.messaging.api import SampleStaff, load_demonstration_messages
from madoguchi.trust.api import Account, Municipality, Unit

BOUND = (
    ("isehara", "公式LINE友達登録数（累計）", "市LINE公式アカウントの活用の推進", "messaging.line_friends"),
    ("isehara", "一斉配信システムの登録者数", "ICTを利用した防災情報の発信", "messaging.people_in_need"),
    ("sagamihara", "相模原市LINE公式アカウントの友だち登録人数", "", "messaging.line_friends"),
)
"""City, the indicator's name in its plan, its project (none for one of a measure), and the meter that measures it."""


def load_outreach(municipality: Municipality, desk: Unit, chance: random.Random) -> Iterator[str]:
    """Add what is missing; yields progress lines."""
    people = {account.login: account for account in Account.objects.filter(login__in=("shinsa", "koho", "kiki"))}
    if len(people) < 3:
        return
    staff = SampleStaff(author=people["shinsa"], approver=people["koho"], crisis=people["kiki"], unit=desk)
    added = load_demonstration_messages(staff=staff, chance=chance)
    if added:
        yield f"{municipality.name}: お知らせの{added}つの分野"
