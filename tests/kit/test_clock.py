from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from threading import Thread

import pytest

from madoguchi.kit import clock


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)


def test_today_is_the_date_in_japan_not_in_utc():
    with clock.frozen(datetime(2026, 3, 31, 15, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 4, 1)
    with clock.frozen(datetime(2026, 3, 31, 14, 59, tzinfo=UTC)):
        assert clock.today() == date(2026, 3, 31)


def test_frozen_blocks_nest_and_let_go_also_after_an_error():
    first, second = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    with clock.frozen(first):
        with clock.frozen(second):
            assert clock.now() == second
        assert clock.now() == first
        with suppress(RuntimeError), clock.frozen(second):
            raise RuntimeError
        assert clock.now() == first
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_frozen_holds_only_its_own_thread():
    seen = []
    with clock.frozen(datetime(2001, 1, 1, tzinfo=UTC)):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0].year > 2001


def test_frozen_turns_other_zones_into_utc():
    with clock.frozen(datetime(2026, 4, 1, 9, tzinfo=timezone(timedelta(hours=9)))) as moment:
        assert moment == datetime(2026, 4, 1, tzinfo=UTC)
        assert moment.tzinfo is UTC


@pytest.mark.parametrize("use", [clock.local, lambda moment: clock.frozen(moment).__enter__()])
def test_a_naive_datetime_is_refused(use):
    with pytest.raises(ValueError, match=r"zone|aware"):
        use(datetime(2026, 4, 1))  # noqa: DTZ001 - the naive one is the point
