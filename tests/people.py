"""Members for tests: people, what they bought, and who looks after them, written as use cases write them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from datasources.store.member_tables import associates, bindings, visits
from datasources.store.store import Store
from domain.channels import Channel
from domain.consents import EVERY_CHANNEL, Consent, ConsentState, Purpose
from domain.members import Identifier, IdentifierType, Member, MemberStatus
from domain.orders import Order, OrderLine
from tests.builders import NOW


def member(id: str = "m1", **said: Any) -> Member:
    """Somebody who has joined, unless said otherwise."""
    known: dict[str, Any] = {
        "code": f"C-{id}",
        "status": MemberStatus.ACTIVE,
        "registration_source": "STORE",
        "created_at": NOW - timedelta(days=100),
    }
    return Member(id=id, **known | said)


def identifier(type: IdentifierType, value: str, **said: Any) -> Identifier:
    """A verified identifier, unless said otherwise."""
    known: dict[str, Any] = {"is_verified": True, "source": "pos", "linked_at": NOW - timedelta(days=100)}
    return Identifier(type, value, **known | said)


def consent(purpose: Purpose, state: ConsentState = ConsentState.GRANTED, channel: str = EVERY_CHANNEL) -> Consent:
    """What somebody said at the till."""
    return Consent(purpose, channel, state, version="1", at=NOW, place="SH001", text_hash="f00d")


def order(id: str, member_id: str | None, *amounts_minor: int, at: datetime = NOW, **said: Any) -> Order:
    """A completed order with one line for each amount."""
    lines = tuple(
        OrderLine(f"{id}:{index}", f"SKU{index}", f"Thing {index}", 1, amount, amount)
        for index, amount in enumerate(amounts_minor)
    )
    known: dict[str, Any] = {
        "placed_at": at,
        "lines": lines,
        "member_id": member_id,
        "number": id,
        "source": "pos",
        "channel": Channel.POS,
        "currency": "CNY",
        "completed_at": at,
    }
    return Order(id=id, **known | said)


async def keep(store: Store, *members: Member, orders: Collection[Order] = ()) -> None:
    """Write members and orders."""
    async with store.work() as work:
        await work.members.write(members)
        await work.orders.write(orders)


async def look_after(store: Store, associate: str, *member_ids: str, location: str, now: datetime = NOW) -> None:
    """Make somebody an associate of a store, and bind members to them."""
    async with store._writers.begin() as connection:
        who = {"id": associate, "name": associate, "location_id": location, "role": "GUIDE", "is_active": True}
        await connection.execute(insert(associates), [who])
        for id in member_ids:
            bound = {"id": f"b-{id}", "member_id": id, "associate_id": associate, "source": "SCAN", "since": now}
            until = {"valid_until": now + timedelta(days=180), "protected_until": now + timedelta(days=30)}
            await connection.execute(insert(bindings), [bound | until])


async def visit(store: Store, member_id: str, location: str, at: datetime = NOW) -> None:
    """Let somebody walk into a store."""
    async with store._writers.begin() as connection:
        await connection.execute(insert(visits), [{"location_id": location, "member_id": member_id, "last_at": at}])
