"""Who works in a store signs in on its tablet by PIN; who guesses is slowed, and learns nothing."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

import resolvers.associates
import resolvers.tablets
from domain.refusals.sessions import TooManyTries
from resolvers.associates import Employ
from resolvers.tablets import Register, SetPin
from tests.builders import ADMINISTRATOR
from tests.resolvers.signing import PIN, House, codes, granted, registered, staffed

pytestmark = pytest.mark.anyio
WRONG = "130975"


@pytest.fixture
async def counter(house: House) -> House:
    """A house with associates."""
    return await staffed(house)


async def test_an_associate_signs_in_where_they_work(counter: House) -> None:
    session = granted(await counter.by_pin())
    claims = json.loads(session.access_token)
    assert (claims["sub"], claims["role"], claims["location"]) == ("li", "associate", "SH001")
    assert session.viewer is None
    assert session.refresh_expires_at == counter.clock.now + timedelta(hours=12)
    assert granted(await counter.refreshed(session.refresh_token)).viewer is None


async def test_a_wrong_pin_and_whoever_does_not_work_here_are_answered_alike(counter: House) -> None:
    answers = [await counter.by_pin(WRONG), *[await counter.by_pin(who=who) for who in ("wu", "xu", "nobody", "")]]
    assert codes(answers[0]) == ["PIN_WRONG"]
    assert all(answer == answers[0] for answer in answers)


async def test_who_guesses_is_slowed_whether_anybody_is_there_or_not(counter: House) -> None:
    for who in ("li", "nobody"):
        tries = [await counter.by_pin(WRONG, who) for _ in range(6)]
        assert [codes(one) for one in tries[:5]] == [["PIN_WRONG"]] * 5
        assert tries[5].user_errors == (TooManyTries(("input", "pin"), counter.clock.now + timedelta(seconds=2)),)
    assert codes(await counter.by_pin(PIN)) == ["TOO_MANY_TRIES"]
    counter.clock.wind(timedelta(seconds=2))
    granted(await counter.by_pin(PIN))


async def test_guesses_at_once_are_all_counted(counter: House) -> None:
    told = [codes(one)[0] for one in await asyncio.gather(*(counter.by_pin(WRONG) for _ in range(12)))]
    assert (told.count("PIN_WRONG"), told.count("TOO_MANY_TRIES")) == (5, 7)


async def test_one_pin_tried_on_everybody_slows_the_tablet_and_no_other(counter: House) -> None:
    told = [codes(await counter.by_pin(WRONG, f"somebody-{n}"))[0] for n in range(21)]
    assert told == ["PIN_WRONG"] * 20 + ["TOO_MANY_TRIES"]
    granted(await counter.by_pin(tablet=await registered(counter, "SH001-2")))


async def test_a_tablet_that_nobody_made_known_signs_nobody_in(counter: House) -> None:
    id = counter.tablet.rpartition(".")[0]
    for key in ("", "garbage", f"{id}.guess", f"other.{counter.tablet}", f"{id}."):
        assert codes(await counter.by_pin(tablet=key)) == ["TABLET_UNKNOWN"]


async def test_a_tablet_that_was_given_a_new_key_is_known_by_no_former_one(counter: House) -> None:
    former, counter.tablet = counter.tablet, await registered(counter)
    assert codes(await counter.by_pin(tablet=former)) == ["TABLET_UNKNOWN"]
    granted(await counter.by_pin())


async def test_a_new_pin_signs_an_associate_out_everywhere(counter: House) -> None:
    sessions = [granted(await counter.by_pin()) for _ in range(2)]
    done = await resolvers.tablets.set_pin(counter.asked(ADMINISTRATOR), SetPin("li", "582013"))
    assert done.ended_count == 2
    assert all(counter.has_ended(one) for one in sessions)
    assert codes(await counter.by_pin()) == ["PIN_WRONG"]
    granted(await counter.by_pin("582013"))


async def test_a_pin_that_is_guessed_among_the_first_is_refused_and_so_is_whom_nobody_knows(counter: House) -> None:
    administrator = counter.asked(ADMINISTRATOR)
    assert codes(await resolvers.tablets.set_pin(administrator, SetPin("li", "123456"))) == ["PIN_WEAK"]
    assert codes(await resolvers.tablets.set_pin(administrator, SetPin("nobody", PIN))) == ["UNKNOWN_ASSOCIATE"]


async def test_a_tablet_lies_somewhere_and_has_a_name(counter: House) -> None:
    administrator = counter.asked(ADMINISTRATOR)
    wrong = [await resolvers.tablets.register(administrator, Register(*said)) for said in (("", "SH001"), ("t", "X"))]
    assert [codes(one) for one in wrong] == [["EMPTY_FIELD"], ["UNKNOWN_LOCATION"]]


async def test_what_is_kept_of_pins_and_tablets_holds_neither(counter: House) -> None:
    async with counter.store.work() as work:
        kept = [await work.tablets.credentials("li"), await work.tablets.tablet("SH001-1")]
    assert PIN not in repr(kept[0])
    assert counter.tablet.rpartition(".")[2] not in repr(kept[1])


@pytest.mark.parametrize("said", [{"is_active": False}, {"location": "SH002"}], ids=["left", "moved"])
async def test_who_leaves_or_goes_to_another_store_is_signed_out(counter: House, said: dict[str, Any]) -> None:
    session = granted(await counter.by_pin())
    known: dict[str, Any] = {"associate": "li", "name": "Li", "location": "SH001", "idempotency_key": "1"}
    same = await resolvers.associates.put(counter.asked(ADMINISTRATOR), Employ(**known))
    assert (same.user_errors, counter.has_ended(session)) == ((), False)
    await resolvers.associates.put(counter.asked(ADMINISTRATOR), Employ(**known | said | {"idempotency_key": "2"}))
    assert counter.has_ended(session)
