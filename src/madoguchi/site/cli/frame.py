"""What the commands share: starting Django late, failing with one clear line."""

from __future__ import annotations

import os
from typing import Any

import click


class Failure(Exception):
    """A command could not do its work; the message is what the operator sees."""


def start_django() -> None:
    """Load the settings and the rooms; a wrong setting is a ``Failure`` naming it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.site.settings")
    import django

    from madoguchi.site.configuration import ConfigurationError

    try:
        django.setup()
    except ConfigurationError as error:
        raise Failure(str(error)) from error


DATABASE_HINT = (
    "接続先（MADOGUCHI_DATABASE_URL）と役の権限を確かめ、用意がまだなら「madoguchi migrate」を実行してください。"
)


def is_database_away(error: Exception) -> bool:
    """Tell whether an error says that the database does not answer, lets nobody in or is not prepared."""
    from django.db import OperationalError, ProgrammingError

    return isinstance(error, OperationalError | ProgrammingError)


def find_municipality(key: str | None) -> Any:
    """Return the municipality of a key, or the first one; a ``Failure`` lists the keys there are."""
    from django.db import DatabaseError

    from madoguchi.trust.api import Municipality, first_municipality

    try:
        found = Municipality.objects.filter(key=key).first() if key else first_municipality()
        keys = list(Municipality.objects.values_list("key", flat=True))
    except DatabaseError as error:
        raise Failure("データベースの用意ができていません。先に「madoguchi migrate」を実行してください。") from error
    if found is None:
        known = f"登録済み: {', '.join(keys)}" if keys else "「madoguchi municipality add」で登録してください。"
        raise Failure(f"自治体{f'「{key}」' if key else ''}が見つかりません。{known}")
    return found


municipality_option = click.option(
    "--municipality", "-m", metavar="KEY", help="自治体のキー（例: odawara）。省略すると最初の自治体。"
)
