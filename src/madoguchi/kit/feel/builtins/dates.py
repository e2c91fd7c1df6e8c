"""Functions of dates, the clock, and identity (DMN 1.5 tables 77, 79 and 82)."""

from decimal import Decimal

from madoguchi.kit import clock
from madoguchi.kit.feel.builtins.signatures import Library
from madoguchi.kit.feel.convert import from_python
from madoguchi.kit.feel.temporal import Date, DateTime

library = Library()
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _day(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


for _kind in ("date", "date and time"):

    @library.define("day of year", f"date: {_kind}")
    def day_of_year(date: Date | DateTime) -> Decimal:
        """1 on 1 January."""
        return Decimal(_day(date).day_of_year)

    @library.define("day of week", f"date: {_kind}")
    def day_of_week(date: Date | DateTime) -> str:
        """The English name of the weekday."""
        return _WEEKDAYS[_day(date).weekday - 1]

    @library.define("month of year", f"date: {_kind}")
    def month_of_year(date: Date | DateTime) -> str:
        """The English name of the month."""
        return _MONTHS[_day(date).month - 1]

    @library.define("week of year", f"date: {_kind}")
    def week_of_year(date: Date | DateTime) -> Decimal:
        """The ISO 8601 week number."""
        return Decimal(_day(date).week_of_year)


@library.define("now")
def now() -> object:
    """The present date and time in Japan."""
    return from_python(clock.local(clock.now()))


@library.define("today")
def today() -> object:
    """The present date in Japan."""
    return from_python(clock.today())


@library.define("is", "value1: any", "value2: any")
def is_same(value1: object, value2: object) -> bool:
    """Whether two values are the same element of the domain: also the same zone, never null."""
    if isinstance(value1, list) and isinstance(value2, list):
        return len(value1) == len(value2) and all(map(is_same, value1, value2))
    if isinstance(value1, dict) and isinstance(value2, dict):
        return value1.keys() == value2.keys() and all(is_same(item, value2[key]) for key, item in value1.items())
    return type(value1) is type(value2) and value1 == value2
