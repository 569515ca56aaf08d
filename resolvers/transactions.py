"""Transactions into our books: what was bought becomes orders, what came back is deducted where it was bought.

Inside somebody's transaction, in the order of the file. What is there already is left alone, by its number: history
is not rewritten.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import domain.events
from datasources.ports.work import Work
from domain.channels import Channel
from domain.imports import Kind, Outcome, Problem
from domain.members import Identifier, IdentifierKey, IdentifierType, Member, MemberStatus
from domain.orders import Order, OrderLine
from domain.programmes import Programme
from domain.returns import Back, Purchases, Return, ReturnLine
from domain.statuses import Status
from domain.transactions import Transaction, TransactionLine
from resolvers import order_points

IMPORTED = "IMPORT"
"""How members came to us whom a log names."""
CODE = 16
"""Digits of a card's number, which nobody is to guess."""
LATEST = 500
"""Among so many of a member's newest orders it is looked for what came back."""


@dataclass(slots=True)
class Taken:
    """What became of one transaction."""

    outcomes: list[Outcome] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class _Books:
    """What is known of a batch, and what is written at its end."""

    members: dict[IdentifierKey, Member]
    purchases: dict[str, Purchases]
    orders: dict[str, Order] = field(default_factory=dict)
    returns: list[Return] = field(default_factory=list)

    def member_id(self, transaction: Transaction) -> str | None:
        key = _key(transaction)
        return self.members[key].id if key is not None else None


async def record(
    work: Work, found: Sequence[Transaction], *, programme: Programme | None, now: datetime
) -> Sequence[Taken]:
    """Take transactions into the books, in the order given; what became of each. Without a programme nobody earns."""
    if not found:
        return []
    numbers = {(one.realm, one.number) for one in found}
    orders, returns = await work.orders.by_number(numbers), await work.returns.by_number(numbers)
    taken = [Taken() for _ in found]
    new: list[tuple[Transaction, Taken]] = []
    seen: set[tuple[str, str]] = set()
    for one, what in zip(found, taken, strict=True):
        number = (one.realm, one.number)
        kept = returns.get(number) if one.is_return else orders.get(number)
        if kept is None and number not in seen:
            new.append((one, what))
        else:
            _compare(one, kept, what)
        seen.add(number)
    books = await _open(work, new, now)
    for one, what in new:
        _take(one, what, books)
    changed = {id: order for bought in books.purchases.values() for id, order in bought.changed.items()}
    await work.orders.write(list((books.orders | changed).values()))
    await work.returns.write(books.returns)
    if programme is not None:
        new_orders = books.orders.values()
        await order_points.post(work, orders=new_orders, returns=books.returns, programme=programme, now=now)
    return taken


def _compare(one: Transaction, kept: Order | Return | None, what: Taken) -> None:
    """What is kept already stays as it is; a log that says otherwise now is told so."""
    if kept is None or _says(one) == _kept(kept):
        what.outcomes.append((_kind(one), Status.UNCHANGED))
        return
    what.outcomes.append((_kind(one), Status.FAILED))
    message = f"{one.number} is kept otherwise since an earlier import: history is not rewritten"
    what.problems.append(Problem("InvoiceNo", "KEPT_OTHERWISE", message))


def _says(one: Transaction) -> tuple[object, ...]:
    if one.is_return:
        return one.at, one.net_minor
    return one.at, [(line.code, line.title, line.quantity, line.net_minor) for line in one.lines]


def _kept(kept: Order | Return) -> tuple[object, ...]:
    if isinstance(kept, Return):
        return kept.settled_at, kept.refunded_minor
    return kept.placed_at, [(line.sku, line.title, line.quantity, line.net_minor) for line in kept.lines]


async def _open(work: Work, new: Sequence[tuple[Transaction, Taken]], now: datetime) -> _Books:
    """Everybody the batch names, made where nobody knew them (MEM-11), and what they bought, if something came back."""
    keys = {key for one, _ in new if (key := _key(one)) is not None}
    await work.members.locked({one.id for one in (await work.members.by_identifier(keys)).values()})
    members = dict(await work.members.by_identifier(keys))  # whoever was merged before we held them is another now
    made: dict[IdentifierKey, Member] = {}
    for one, what in new:
        key = _key(one)
        if key is not None and key not in members:
            members[key] = made[key] = _prospect(key, one.at)
            what.outcomes.append((Kind.MEMBER, Status.CREATED))
    if made:
        await work.members.write(list(made.values()))
        await work.tell([domain.events.member_changed(member.id, now) for member in made.values()])
    returning = {members[key].id for one, _ in new if one.is_return and (key := _key(one)) is not None}
    bought = await work.orders.of_members(returning, limit=LATEST) if returning else {}
    return _Books(members, {id: Purchases(bought.get(id, ())) for id in returning})


def _take(one: Transaction, what: Taken, books: _Books) -> None:
    member_id = books.member_id(one)
    if one.is_return:
        back = _return(one, member_id, books.purchases.get(member_id or ""), what)
        books.returns.append(back)
    else:
        order = _order(one, member_id)
        books.orders[order.id] = order
        if member_id in books.purchases:
            books.purchases[member_id].add(order)
    what.outcomes.append((_kind(one), Status.CREATED))


def _order(one: Transaction, member_id: str | None) -> Order:
    id = _id(one)
    return Order(
        id=id,
        number=one.number,
        source=one.realm,
        channel=Channel.WEB,
        currency=one.currency,
        placed_at=one.at,
        completed_at=one.at,
        member_id=member_id,
        lines=tuple(
            OrderLine(
                id=f"{id}:{index}",
                sku=line.code,
                title=line.title,
                quantity=line.quantity,
                unit_price_minor=line.unit_price_minor,
                net_minor=line.net_minor,
                is_merchandise=line.is_merchandise,
            )
            for index, line in enumerate(one.lines, start=1)
        ),
    )


def _return(one: Transaction, member_id: str | None, purchases: Purchases | None, what: Taken) -> Return:
    bought = purchases or Purchases(())
    lines: list[ReturnLine] = []
    for line in one.lines:
        back = Back(line.code, line.title, line.quantity, line.unit_price_minor, line.is_merchandise)
        found = bought.take(back, at=one.at)
        what.warnings += _without_receipt(line, found)
        lines += found
    return Return(_id(one), one.number, one.realm, one.currency, one.at, tuple(lines), member_id)


def _without_receipt(line: TransactionLine, found: Sequence[ReturnLine]) -> Iterator[Problem]:
    last = found[-1]
    if last.order_id is not None:
        return
    kept = f"refund of {last.refunded_minor / 100:.2f} is kept without receipt"
    if last.quantity:
        message = f"nobody is known to have bought {last.quantity} of these {line.quantity} {line.code} before: {kept}"
        yield Problem("Quantity", "NO_RECEIPT", message, line.number)
    else:
        message = f"more went back for {line.code} than was paid for it: a {kept}"
        yield Problem("UnitPrice", "MORE_THAN_PAID", message, line.number)


def _prospect(key: IdentifierKey, at: datetime) -> Member:
    known = Identifier(key.type, key.value, is_verified=True, source=key.realm, linked_at=at, realm=key.realm)
    return Member(
        id=_named("member", key.realm, key.value),
        code=str(uuid.uuid4().int)[:CODE],
        status=MemberStatus.PROSPECT,
        registration_source=IMPORTED,
        created_at=at,
        identifiers=(known,),
    )


def _key(one: Transaction) -> IdentifierKey | None:
    return IdentifierKey(IdentifierType.POS_ID, one.customer, one.realm) if one.customer else None


def _kind(one: Transaction) -> Kind:
    return Kind.RETURN if one.is_return else Kind.ORDER


def _id(one: Transaction) -> str:
    return _named("return" if one.is_return else "order", one.realm, one.number)


def _named(*parts: str) -> str:
    """An id that a run which was broken off and begun anew gives again."""
    return uuid.uuid5(uuid.NAMESPACE_OID, "\0".join(parts)).hex
