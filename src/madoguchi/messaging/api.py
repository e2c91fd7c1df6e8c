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
from .plugins.email.inbound import listen_for_bounces
from .plugins.email.simulator import serve_mail_simulator
from .plugins.line.richmenu import menu_request as line_menu_request
from .plugins.line.richmenu import publish_menus as publish_line_menus
from .plugins.line.setting_up import import_line_friends, register_line_webhook
from .plugins.line.simulator.server import serve as serve_line_simulator
from .plugins.simulated_jma import serve as serve_jma_simulator
from .plugins.simulated_push import serve as serve_push_simulator
from .plugins.simulated_sms import serve as serve_sms_simulator
from .rules.cap import CapError, check_cap, read_cap
from .rules.jma.codes import with_check_digit
from .rules.mail.reports import read_report
from .rules.telegram import TelegramError
from .selectors.alert_banners import banners, now_document
from .selectors.alerts import live_alerts
from .selectors.inbox import unread_count
from .selectors.line import friends_on as line_friends_on
from .services.bounces import take_reports, verp_keys
from .services.inbox import read_thread
from .services.notices import (
    notify,
)
from .services.samples import Staff as SampleStaff
from .services.samples import load_samples as load_demonstration_messages
from .services.telegrams import SatelliteReader, Taken, take_telegram

__all__ = [
    "AudienceError",
    "CapError",
    "ContentError",
    "Delivery",
    "Message",
    "MessagingError",
    "Recipient",
    "SampleStaff",
    "SatelliteReader",
    "Taken",
    "TelegramError",
    "Topic",
    "banners",
    "check_cap",
    "import_line_friends",
    "line_friends_on",
    "line_menu_request",
    "listen_for_bounces",
    "live_alerts",
    "load_demonstration_messages",
    "notify",
    "now_document",
    "publish_line_menus",
    "read_cap",
    "read_report",
    "read_thread",
    "register_line_webhook",
    "serve_jma_simulator",
    "serve_line_simulator",
    "serve_mail_simulator",
    "serve_push_simulator",
    "serve_sms_simulator",
    "take_reports",
    "take_telegram",
    "unread_count",
    "verp_keys",
    "with_check_digit",
]
