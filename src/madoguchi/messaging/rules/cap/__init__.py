"""The Common Alerting Protocol (OASIS CAP 1.2; 1.1 is read): checked, read, written. Pure."""

from .checking import CapError, CapFinding, check_cap, parse_cap
from .documents import (
    LANGUAGES,
    MEDIA_TYPE,
    NAMESPACE,
    OUR_LANGUAGES,
    CapAlert,
    CapArea,
    CapInfo,
    cap_time,
)
from .reading import read_cap
from .writing import to_bytes, write_cap

__all__ = [
    "LANGUAGES",
    "MEDIA_TYPE",
    "NAMESPACE",
    "OUR_LANGUAGES",
    "CapAlert",
    "CapArea",
    "CapError",
    "CapFinding",
    "CapInfo",
    "cap_time",
    "check_cap",
    "parse_cap",
    "read_cap",
    "to_bytes",
    "write_cap",
]
