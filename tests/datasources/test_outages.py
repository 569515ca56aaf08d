"""What fails again and again is said when it begins, and when it is over."""

from dataclasses import dataclass

from structlog.testing import capture_logs

from datasources.ports.errors import Unavailable
from datasources.ports.outages import QUIET_S, REMINDED_S, Outage

AWAY, FULL = Unavailable("store", "ConnectionRefusedError"), Unavailable("store", "database or disk is full")


@dataclass
class Watch:
    """A clock that the test winds."""

    now_s: float = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now_s


def test_a_thousand_failures_are_one_line_and_a_new_reason_is_another() -> None:
    outage = Outage("relay", Watch())
    with capture_logs() as logs:
        for failure in [AWAY] * 1_000 + [FULL] * 1_000 + [AWAY, FULL]:
            outage.met(failure)
    assert logs == [
        {"event": "relay.waiting", "log_level": "warning", "source": "store", "reason": failure.reason}
        for failure in (AWAY, FULL)
    ]


def test_that_it_is_over_is_said_once_and_the_next_outage_is_a_new_one() -> None:
    watch = Watch()
    outage = Outage("relay", watch)
    with capture_logs() as logs:
        for _ in range(2):
            outage.met(AWAY)
            assert not outage.lasts
            watch.now_s += 90
            outage.met(AWAY)
            assert (outage.reason, outage.lasts) == (AWAY.reason, True)
            for _ in range(3):
                watch.now_s += QUIET_S
                outage.passed()
            assert (outage.reason, outage.lasts) == (None, False)
    assert [(line["event"], line.get("after_s")) for line in logs] == [
        ("relay.waiting", None),
        ("relay.recovered", 90),
    ] * 2


def test_what_succeeds_between_failures_ends_nothing() -> None:
    """With a full disk, commands that are refused commit, and those that write do not."""
    watch = Watch()
    outage = Outage("store", watch)
    with capture_logs() as logs:
        for _ in range(100):
            outage.met(FULL)
            watch.now_s += QUIET_S / 2
            outage.passed()
    assert [line["event"] for line in logs] == ["store.waiting"]


def test_what_lasts_is_said_again_now_and_then() -> None:
    watch = Watch()
    outage = Outage("store", watch)
    with capture_logs() as logs:
        for _ in range(int(2.5 * REMINDED_S)):
            outage.met(AWAY)
            watch.now_s += 1
    assert len(logs) == 3


def test_a_mistake_of_ours_is_said_once_with_its_traceback_whatever_it_says() -> None:
    outage = Outage("relay", Watch())
    mistakes = [ZeroDivisionError(str(number)) for number in range(10)]
    with capture_logs() as logs:
        for mistake in mistakes:
            outage.met(mistake)
    assert logs == [{"event": "relay.failed", "log_level": "error", "exc_info": mistakes[0]}]


def test_where_nothing_failed_nothing_is_said() -> None:
    with capture_logs() as logs:
        Outage("relay", Watch()).passed()
    assert logs == []
