"""Rewards and their redemptions in the store: to read, and to write inside a unit of work."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.points_tables import reward_redemptions, rewards
from datasources.store.sql import among
from domain.channels import Channel
from domain.rewards import Redemption, Reward, RewardKind

_MOVING = ("fulfilled_at", "fulfilled_by", "location_id")


class SqlRewards:
    """Reads rewards as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def rewards(self) -> Sequence[Reward]:
        cheapest_first = select(rewards).order_by(rewards.c.cost, rewards.c.code)
        return [_reward(row) for row in await rows(self._engine, cheapest_first)]

    async def by_code(self, codes: Collection[str]) -> Mapping[str, Reward]:
        found = await rows(self._engine, select(rewards).where(among(rewards.c.code, sorted(set(codes)))))
        return {row.code: _reward(row) for row in found}

    async def redemptions(self, ids: Sequence[str]) -> Sequence[Redemption | None]:
        table = reward_redemptions
        found = await rows(self._engine, select(table).where(among(table.c.id, sorted(set(ids)))))
        by_id = {row.id: _redemption(row) for row in found}
        return [by_id.get(id) for id in ids]

    async def of_members(self, member_ids: Collection[str], *, limit: int) -> Mapping[str, Sequence[Redemption]]:
        table = reward_redemptions
        order = (table.c.redeemed_at.desc(), table.c.id.desc())
        place = func.row_number().over(partition_by=table.c.member_id, order_by=order).label("place")
        numbered = select(table, place).where(among(table.c.member_id, sorted(member_ids))).subquery()
        newest = select(numbered).where(numbered.c.place <= limit).order_by(numbered.c.place)
        own: defaultdict[str, list[Redemption]] = defaultdict(list)
        for row in await rows(self._engine, newest):
            own[row.member_id].append(_redemption(row))
        return own


class SqlRewardBook:
    """Rewards, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def locked(self, code: str) -> Reward | None:
        wanted = select(rewards).where(among(rewards.c.code, [code])).with_for_update()
        row = (await self._connection.execute(wanted)).one_or_none()
        return None if row is None else _reward(row)

    async def write(self, reward: Reward) -> None:
        row = {name: getattr(reward, name) for name in Reward.__slots__}
        row |= {"kind": reward.kind.value, "channels": [channel.value for channel in reward.channels]}
        await bulk.insert(self._connection, rewards, [row], update=[name for name in row if name != "code"])

    async def locked_redemption(self, code: str) -> Redemption | None:
        wanted = select(reward_redemptions).where(among(reward_redemptions.c.code, [code])).with_for_update()
        row = (await self._connection.execute(wanted)).one_or_none()
        return None if row is None else _redemption(row)

    async def write_redemption(self, redemption: Redemption) -> None:
        row = {name: getattr(redemption, name) for name in Redemption.__slots__}
        row |= {"channel": redemption.channel.value}
        await bulk.insert(self._connection, reward_redemptions, [row], update=_MOVING)

    async def give(self, *, owner: str, to: str, ids: Collection[str] | None = None) -> Collection[str]:
        table = reward_redemptions
        moved = update(table).where(table.c.member_id == owner)
        if ids is not None:
            moved = moved.where(among(table.c.id, sorted(ids)))
        return sorted((await self._connection.execute(moved.values(member_id=to).returning(table.c.id))).scalars())


def _reward(row: Row[Any]) -> Reward:
    channels = tuple(Channel(channel) for channel in row.channels)
    return Reward(**dict(row._mapping) | {"kind": RewardKind(row.kind), "channels": channels})


def _redemption(row: Row[Any]) -> Redemption:
    values = {name: row._mapping[name] for name in Redemption.__slots__}
    return Redemption(**values | {"channel": Channel(row.channel)})


if TYPE_CHECKING:
    from datasources.ports.rewards import RewardBook, RewardSource

    _source: type[RewardSource] = SqlRewards
    _book: type[RewardBook] = SqlRewardBook
