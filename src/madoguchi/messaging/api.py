"""The only door to the messaging room."""

from .errors import (
    AudienceError,
    ContentError,
    MessagingError,
)
from .models import (
    Delivery,
    Message,
    Recipient,
    Topic,
)
from .plugins.line.richmenu import menu_request as line_menu_request
from .plugins.line.richmenu import publish_menus as publish_line_menus
from .plugins.line.setting_up import import_line_friends, register_line_webhook
from .plugins.line.simulator.server import serve as serve_line_simulator
from .plugins.simulated_push import serve as serve_push_simulator
from .plugins.simulated_sms import serve as serve_sms_simulator
from .rules.jma.codes import with_check_digit
from .rules.telegram import TelegramError
from .selectors.alert_banners import banners, now_document
from .selectors.alerts import live_alerts
from .selectors.inbox import unread_count
from .selectors.line import friends_on as line_friends_on
from .services.inbox import read_thread
from .services.notices import (
    notify,
)
from .services.telegrams import SatelliteReader, Taken, take_telegram

__all__ = [
    "AudienceError",
    "ContentError",
    "Delivery",
    "Message",
    "MessagingError",
    "Recipient",
    "SatelliteReader",
    "Taken",
    "TelegramError",
    "Topic",
    "banners",
    "import_line_friends",
    "line_friends_on",
    "line_menu_request",
    "live_alerts",
    "notify",
    "now_document",
    "publish_line_menus",
    "read_thread",
    "register_line_webhook",
    "serve_line_simulator",
    "serve_push_simulator",
    "serve_sms_simulator",
    "take_telegram",
    "unread_count",
    "with_check_digit",
]
