"""What the status page says of each channel: set up, off, or misconfigured, and what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from madoguchi.kit.registry import ConfigProblem, Severity
from madoguchi.trust.api import Connection, ConnectionState

from ..registry import Channel


def state_of(channel: Channel) -> ConnectionState:
    """Return how a channel is for the municipality in scope; one that cannot even be asked counts as misconfigured."""
    try:
        problems, is_ready = channel.check_config(), channel.is_ready()
        words = channel.setup_words() if is_ready else _("この自治体では、まだ設定されていません。")
    except Exception as error:
        return ConnectionState("faulty", f"{type(error).__name__}: {error}")
    if errors := _messages(problems, Severity.ERROR):
        return ConnectionState("faulty", " ".join(errors))
    if not is_ready:
        return ConnectionState("off", " ".join(_messages(problems, Severity.INFO)) or words)
    return ConnectionState("on", " ".join([words, *_messages(problems, Severity.WARNING)]))


def _messages(problems: list[ConfigProblem], severity: Severity) -> list[str]:
    return [problem.message for problem in problems if problem.severity == severity]


def connection_of(channel: Channel) -> Connection:
    """Return what a channel registers for the status page."""
    return Connection(key=f"messaging.{channel.key}", label=channel.label, ask=_asker(channel))


def _asker(channel: Channel) -> Callable[[], ConnectionState]:
    return lambda: state_of(channel)
