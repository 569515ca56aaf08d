"""Who is erased is nowhere in the store any more; what was bought and owed is as it was."""

from datetime import date

import pytest
from sqlalchemy import select

import resolvers.erasure
import resolvers.member_search
import resolvers.members
import resolvers.merge_cases
import resolvers.registration
from datasources.store.engine import rows
from datasources.store.store import Store
from datasources.store.tables import metadata
from domain.members import Gender, IdentifierType, MemberStatus
from domain.refusals.members import UnknownMember
from domain.viewers import Role
from resolvers.erasure import Erase
from resolvers.identifiers import Name
from resolvers.merge_cases import Ask, Undo
from resolvers.registration import ContactWish, ProfileWish, Update
from tests.people import keep, member, order
from tests.resolvers.identity import CARD, EMAIL, PHONE, by, erp, linked, registered, verified

pytestmark = pytest.mark.anyio
PERSONAL = (
    "王芳",
    "Fanny",
    "1990-05-01",
    "13800138000",
    "8000",
    "VIP00123456",
    "fang.wang",
    "zh-Hant",
    "SH001 counter",
)
LEDGERS = ("orders", "access_log")


async def dump(store: Store) -> dict[str, str]:
    """Everything that stands in every table, as text."""
    return {
        table.name: "\n".join(str(tuple(row)) for row in await rows(store._readers, select(table)))
        for table in metadata.sorted_tables
    }


async def known(store: Store) -> str:
    """Somebody who was known twice, bought something, and told everything there is to tell."""
    ctx = erp(store)
    told = ProfileWish("王芳", Gender.FEMALE, date(1990, 5, 1))
    one = await registered(ctx, verified(IdentifierType.PHONE, PHONE), profile=told, key="one")
    two = await registered(ctx, verified(IdentifierType.CARD, CARD), profile=ProfileWish("Fanny"), key="two")
    await linked(ctx, one, Name(IdentifierType.EMAIL, EMAIL), key="link")
    await resolvers.registration.update(
        ctx, Update("contact", two.id, contact_preference=ContactWish("SMS", "zh-Hant"))
    )
    await keep(store, orders=[order("o1", one.id, 12300), order("o2", two.id, 4500)])
    once = (await resolvers.merge_cases.merge(ctx, Ask(one.id, two.id, "merge"))).merge
    assert once
    await resolvers.merge_cases.unmerge(ctx, Undo(once.id, "undo"))
    await resolvers.merge_cases.merge(ctx, Ask(one.id, two.id, "again"))
    return once.kept.id


async def test_nothing_personal_is_left_anywhere_and_the_books_are_as_they_were_MEM_10(store: Store) -> None:
    id = await known(store)
    before = await dump(store)
    assert all(any(fact in text for text in before.values()) for fact in PERSONAL)
    ctx = by(store, Role.MEMBER, id)
    answer = await resolvers.erasure.erase(ctx, Erase("k"))
    assert answer.member
    assert answer.member.status is MemberStatus.ERASED
    after = await dump(store)
    left = {(name, fact) for name, text in after.items() for fact in PERSONAL if fact in text}
    assert left == set()
    assert [after[name] for name in LEDGERS] == [before[name] for name in LEDGERS]
    assert await resolvers.erasure.erase(ctx, Erase("k")) == answer


async def test_who_is_erased_is_found_by_nothing(store: Store) -> None:
    id = await known(store)
    (found,) = await store.members.members([id])
    assert found
    await resolvers.erasure.erase(erp(store), Erase("k", id))
    for text in (found.code, "8000", PHONE, CARD, id):
        ((page),) = await resolvers.member_search.search(erp(store), [None], text=text)
        assert page.nodes == []
    assert await resolvers.members.members_by_ids(erp(store), [id]) == [None]
    again = await resolvers.erasure.erase(erp(store), Erase("once more", id))
    assert again.user_errors == (UnknownMember(("input", "member"), id),)


async def test_under_the_same_phone_somebody_new_begins(store: Store) -> None:
    id = await known(store)
    await resolvers.erasure.erase(erp(store), Erase("k", id))
    fresh = await registered(erp(store), verified(IdentifierType.PHONE, PHONE), key="fresh")
    assert fresh.id != id


async def test_a_member_erases_nobody_else(store: Store) -> None:
    id = await known(store)
    await keep(store, member("m1"))
    answer = await resolvers.erasure.erase(by(store, Role.MEMBER, "m1"), Erase("k", id))
    assert answer.user_errors == (UnknownMember(("input", "member"), id),)
