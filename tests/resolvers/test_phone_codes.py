"""Who has a phone signs in by the code that was sent to it; who guesses is slowed, and learns nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

import resolvers.phone_codes
from datasources.messages.absent import AbsentSender
from datasources.ports.errors import Unavailable
from domain.members import IdentifierType, MemberStatus
from domain.refusals.sessions import TooManyTries
from resolvers.phone_codes import Send
from tests.builders import NOW, minutes
from tests.people import identifier, keep, member
from tests.resolvers.signing import PHONE, House, codes, granted

pytestmark = pytest.mark.anyio


def other_than(code: str) -> str:
    """Six digits that are not these."""
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_whom_nobody_knows_is_a_prospect_with_a_verified_phone_MEM_11(house: House) -> None:
    session = granted(await house.by_phone(await house.code_for("138 0013 8000"), "+86 13800138000"))
    assert session.viewer
    assert session.viewer.status is MemberStatus.PROSPECT
    assert [(one.value, one.is_verified) for one in session.viewer.identifiers] == [(PHONE, True)]


async def test_who_is_known_by_the_phone_is_who_they_are(house: House) -> None:
    await keep(house.store, member("m1", identifiers=(identifier(IdentifierType.PHONE, PHONE),)))
    session = granted(await house.by_phone(await house.code_for()))
    assert session.viewer
    assert session.viewer.id == "m1"


async def test_a_phone_that_is_known_and_one_that_is_not_are_answered_alike(house: House) -> None:
    await keep(house.store, member("m1", identifiers=(identifier(IdentifierType.PHONE, PHONE),)))
    stranger = "+8613900139000"
    for phones in ((PHONE, stranger), (PHONE, stranger)):
        sent = [await resolvers.phone_codes.send(house.asked(), Send(phone)) for phone in phones]
        assert sent[0] == sent[1]
    tried = [await house.by_phone("000000", phone) for phone in (PHONE, stranger)]
    assert tried[0] == tried[1]


async def test_a_code_holds_once_and_five_minutes(house: House) -> None:
    code = await house.code_for()
    granted(await house.by_phone(code))
    assert codes(await house.by_phone(code)) == ["CODE_EXPIRED"]
    code = await house.code_for()
    house.clock.wind(minutes(5))
    assert codes(await house.by_phone(code)) == ["CODE_EXPIRED"]


async def test_a_new_code_replaces_the_old(house: House) -> None:
    old = await house.code_for()
    house.clock.wind(minutes(1))
    new = await house.code_for()
    assert old == new or codes(await house.by_phone(old)) == ["CODE_WRONG"]
    granted(await house.by_phone(new))


async def test_after_five_wrong_tries_even_the_right_code_holds_no_longer(house: House) -> None:
    code = await house.code_for()
    for _ in range(5):
        assert codes(await house.by_phone(other_than(code))) == ["CODE_WRONG"]
    house.clock.wind(minutes(1))
    assert codes(await house.by_phone(code)) == ["CODE_EXPIRED"]


async def test_who_guesses_waits_twice_as_long_each_time(house: House) -> None:
    code = await house.code_for()
    for _ in range(5):
        await house.by_phone(other_than(code))
    waits = []
    for _ in range(5):
        (refused,) = (await house.by_phone(code)).user_errors
        assert isinstance(refused, TooManyTries)
        waits.append(refused.retry_at - house.clock.now)
        house.clock.now = refused.retry_at
        assert codes(await house.by_phone(code)) == ["CODE_EXPIRED"]
    assert waits == [timedelta(seconds=2 * 2**n) for n in range(5)]


async def test_guesses_at_once_are_all_counted(house: House) -> None:
    code = await house.code_for()
    answers = await asyncio.gather(*(house.by_phone(other_than(code)) for _ in range(20)))
    told = [codes(answer)[0] for answer in answers]
    assert (told.count("CODE_WRONG"), told.count("TOO_MANY_TRIES")) == (5, 15)


async def test_who_signs_in_has_not_guessed(house: House) -> None:
    for _ in range(3):
        code = await house.code_for()
        for _ in range(4):
            await house.by_phone(other_than(code))
        granted(await house.by_phone(code))


async def test_a_phone_is_not_flooded_with_messages(house: House) -> None:
    await house.code_for()
    sent = await resolvers.phone_codes.send(house.asked(), Send(PHONE))
    assert sent.user_errors == (TooManyTries(("input", "phone"), NOW + minutes(1)),)
    assert (await resolvers.phone_codes.send(house.asked(), Send("+8613900139000"))).expires_at == NOW + minutes(5)


@pytest.mark.parametrize("phone", ["", "anna", "123", "+86", "+999123456789"])
async def test_what_is_no_phone_is_refused(house: House, phone: str) -> None:
    assert codes(await resolvers.phone_codes.send(house.asked(), Send(phone))) == ["PHONE_INVALID"]
    assert codes(await house.by_phone("000000", phone)) == ["PHONE_INVALID"]


async def test_where_nobody_is_configured_to_send_it_is_a_source_that_is_away(house: House) -> None:
    away = replace(house.asked(), sources=replace(house.sources, sender=AbsentSender()))
    with pytest.raises(Unavailable):
        await resolvers.phone_codes.send(away, Send(PHONE))
