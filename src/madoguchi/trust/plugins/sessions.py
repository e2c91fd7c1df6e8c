"""Sessions in the database as Django keeps them, found by a statement that is written once: every request asks for one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from ..models.prepared import PreparedQuery

_by_key = PreparedQuery(Session, lambda rows, key: rows.filter(session_key=key))


class SessionStore(DatabaseStore):
    """A session of the database; rows, signing and expiry are Django's."""

    def _get_session_from_db(self) -> Any:
        found = _by_key.first(key=self.session_key) if self.session_key and "\0" not in self.session_key else None
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        return found
