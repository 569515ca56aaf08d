"""What a process knows of sessions that have ended: by events, and from the table wherever some may have passed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest

import domain.events
from resolvers.ended import EndedSessions
from tests.builders import NOW, minutes

pytestmark = pytest.mark.anyio
KEPT = timedelta(minutes=15)


class Table:
    """Sessions that ended, as they are committed; while it is read, something may happen."""

    def __init__(self, **ended: datetime) -> None:
        self.ended = ended
        self.meanwhile: Callable[[], None] | None = None
        self.asked: list[datetime] = []

    async def ended_since(self, moment: datetime) -> Mapping[str, datetime]:
        self.asked.append(moment)
        found = {id: at for id, at in self.ended.items() if at >= moment}
        if self.meanwhile is not None:
            self.meanwhile()
        return found


@pytest.fixture
def ended() -> EndedSessions:
    return EndedSessions(KEPT)


async def test_until_the_table_was_read_it_does_not_know_all(ended: EndedSessions) -> None:
    table = Table(old=NOW - minutes(16), new=NOW - minutes(1))
    ended.found()
    known = [ended.knows_all]
    await ended.read(table, NOW)
    assert [*known, ended.knows_all] == [False, True]
    assert table.asked == [NOW - KEPT]
    assert (ended.holds("old"), ended.holds("new"), ended.holds(None)) == (False, True, False)


async def test_while_the_bus_is_away_the_table_is_read_again_and_again(ended: EndedSessions) -> None:
    ended.found()
    known = [await knows_all_after_reading(ended)]
    ended.lost()
    known.append(await knows_all_after_reading(ended))
    ended.found()
    known.append(ended.knows_all)
    known.append(await knows_all_after_reading(ended))
    assert known == [True, False, False, True]


async def knows_all_after_reading(ended: EndedSessions) -> bool:
    await ended.read(Table(), NOW)
    return ended.knows_all


async def test_what_a_gap_during_reading_may_have_hidden_is_read_anew(ended: EndedSessions) -> None:
    table = Table()
    table.meanwhile = ended.found
    await ended.read(table, NOW)
    assert not ended.knows_all


def test_an_end_is_known_until_the_last_token_would_have_expired_anyway(ended: EndedSessions) -> None:
    ended.heard([domain.events.session_ended("s-1", NOW), domain.events.member_changed("s-2", NOW)])
    for now, is_known in ((NOW, True), (NOW + minutes(14.9), True), (NOW + KEPT, False)):
        ended.forget(now)
        assert ended.holds("s-1") == is_known
    assert not ended.holds("s-2")


def test_who_watches_a_session_is_told_of_its_end_and_who_stopped_is_not(ended: EndedSessions) -> None:
    told: list[str] = []
    ended.watch("s-1", lambda: told.append("one"))
    unwatch = ended.watch("s-1", lambda: told.append("other"))
    ended.watch("s-2", lambda: told.append("another's"))()
    unwatch()
    ended.heard([domain.events.session_ended("s-1", NOW), domain.events.session_ended("s-2", NOW)])
    assert told == ["one"]
