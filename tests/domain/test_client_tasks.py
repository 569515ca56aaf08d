"""Client tasks: what the calendar and the shop window give an associate to do."""

from dataclasses import replace
from datetime import date, timedelta

from domain.client_tasks import (
    Abandonment,
    ClientTask,
    ClientTaskKind,
    ClientTaskState,
    Looked,
    abandoned,
    birthdays,
    close,
    waiting,
)
from domain.refusals.general import TransitionRefused
from tests.builders import NOW

TODAY = date(2026, 11, 21)
HOUR = timedelta(hours=1)
FOLLOW_UP = ClientTask("t-1", ClientTaskKind.FOLLOW_UP, "m-1", "a-1", date(2026, 11, 25), NOW, "尺码到货")
AT = ("input", "task")


def test_a_birthday_is_a_task_from_a_week_before_until_the_day_itself() -> None:
    clients = {
        "m-1": date(1990, 11, 21),
        "m-2": date(1985, 11, 28),
        "m-3": date(1985, 11, 29),
        "m-4": date(1985, 11, 20),
    }
    tasks = birthdays("a-1", clients, today=TODAY, ahead_days=7, now=NOW)
    assert [(one.member_id, one.due_on) for one in tasks] == [("m-1", TODAY), ("m-2", date(2026, 11, 28))]


def test_what_was_looked_at_again_and_again_and_not_bought_is_a_task_once_it_is_quiet() -> None:
    def looked(member: str, times: int = 3, hours_ago: int = 24) -> Looked:
        return Looked(member, "DJ01", times, NOW - hours_ago * HOUR)

    all_of_it = [looked("m-1"), looked("m-2", times=2), looked("m-3", hours_ago=23), looked("m-4", hours_ago=169)]
    bought = {("m-5", "DJ01"): NOW - 100 * HOUR, ("m-6", "DJ01"): NOW - 200 * HOUR, ("m-1", "DJ02"): NOW}
    all_of_it += [looked("m-5"), looked("m-6")]
    tasks = abandoned("a-1", all_of_it, bought, Abandonment(), today=TODAY, now=NOW)
    assert [(one.member_id, one.note, one.due_on) for one in tasks] == [("m-1", "DJ01", TODAY), ("m-6", "DJ01", TODAY)]
    assert {one.kind for one in tasks} == {ClientTaskKind.ABANDONED_BROWSE}


def test_a_task_is_closed_once_and_says_how_it_ended() -> None:
    done = close(FOLLOW_UP, ClientTaskState.DONE, result="周六来试", path=AT, now=NOW)
    assert isinstance(done, ClientTask)
    assert (done.state, done.closed_at, done.result) == (ClientTaskState.DONE, NOW, "周六来试")
    again = close(done, ClientTaskState.DISMISSED, result="", path=AT, now=NOW)
    assert again == TransitionRefused(AT, "DONE", "DISMISSED", ())
    nowhere = close(FOLLOW_UP, ClientTaskState.OPEN, result="", path=AT, now=NOW)
    assert isinstance(nowhere, TransitionRefused)


def test_what_was_closed_does_not_come_back_and_the_first_day_comes_first() -> None:
    derived = birthdays("a-1", {"m-1": TODAY, "m-2": date(1985, 11, 28)}, today=TODAY, ahead_days=7, now=NOW)
    closed = replace(derived[0], state=ClientTaskState.DISMISSED)
    assert [one.member_id for one in waiting([FOLLOW_UP, closed], derived)] == ["m-1", "m-2"]
    assert [one.id for one in waiting([FOLLOW_UP], derived)] == ["birthday-m-1-2026", "t-1", "birthday-m-2-2026"]
