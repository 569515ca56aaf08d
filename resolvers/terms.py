"""Use case: what each channel may take of a level, its safety stock and its quota."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import domain.events
from datasources.ports.work import Work
from domain.channels import Channel
from domain.refusals.base import Refusal
from domain.refusals.stock import NeverCounted
from domain.statuses import Status
from domain.stock import Key, StockLevel, Terms, with_terms
from resolvers import commands, ids, inputs, stock_items
from resolvers.claims import Refused
from resolvers.context import Context
from resolvers.receipts import ItemResult, Receipt
from resolvers.stock_items import Command

Levels = Mapping[Key, StockLevel]


@dataclass(frozen=True, slots=True)
class TermsItem:
    """What a channel may take of a sku at a location: never the last `safety` units; `quota` None: all others."""

    sku: str
    location: str
    channel: Channel
    safety: int = 0
    quota: int | None = None

    @property
    def key(self) -> Key:
        """The level they are the terms of."""
        return (self.sku, self.location)

    @property
    def terms(self) -> Terms:
        """The same, as a level has them."""
        return Terms(self.channel, self.safety, self.quota)


async def set_terms(ctx: Context, command: Command[TermsItem]) -> Receipt:
    """Set every item's terms, or none: a quota that moves between channels is never in both, or in neither."""
    if refused := stock_items.refused(command):
        return Receipt(refusals=tuple(refused))
    items = [replace(item, location=ids.key_of("Location", item.location)) for item in command.items]
    unknown = await stock_items.unknown(ctx, items)
    reasons = [reason for index, item in enumerate(items) for reason in (*unknown[index], *_wrong(item, index))]
    if reasons:
        return Receipt(refusals=tuple(reasons))
    return await commands.receipted(ctx, command, partial(_write, items))


async def _write(items: Sequence[TermsItem], work: Work) -> Receipt:
    before = await work.stock.locked_known({item.key for item in items})
    never = [
        NeverCounted((*stock_items.at(index), "sku"), *item.key)
        for index, item in enumerate(items)
        if item.key not in before
    ]
    if never:
        raise Refused(*never)
    after = dict(before)
    for item in items:
        after[item.key] = with_terms(after[item.key], item.terms)
    changed = {key: _renewed(level) for key, level in after.items() if level.terms != before[key].terms}
    await work.stock.write(list(changed.values()), [])
    await work.tell([domain.events.stock_changed(level) for level in changed.values()])
    return Receipt([_result(index, item.key, before, changed) for index, item in enumerate(items)])


def _result(index: int, key: Key, before: Levels, changed: Levels) -> ItemResult:
    status = Status.UPDATED if key in changed else Status.UNCHANGED
    return ItemResult(index, status, changed.get(key, before[key]))


def _renewed(level: StockLevel) -> StockLevel:
    """The next version of a level; what was seen in the store is as old as it was."""
    return replace(level, version=level.version + 1)


def _wrong(item: TermsItem, index: int) -> Sequence[Refusal]:
    path = stock_items.at(index)
    return [
        *inputs.wrong_quantity((*path, "safety"), item.safety, item.sku),
        *inputs.wrong_quantity((*path, "quota"), item.quota or 0, item.sku),
    ]
