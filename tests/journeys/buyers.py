"""Buyers of a sale: each wants units again and again, over HTTP, and asks with the same key until it is answered.

What they were told stands in a `Told` per wish, for the books to be held against. They draw from dice of their own.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from domain.refusals.stock import OutOfStock
from domain.stock import Key
from resolvers import ids

CREATE = """mutation ($input: ReservationCreateInput!) { answer: reservationCreate(input: $input) {
  reservation { id state fulfilledAt lines { sku location { code } quantity } } userErrors { __typename }
} }"""
STEP = """mutation ($input: Reservation%sInput!) { answer: reservation%s(input: $input) {
  reservation { id state fulfilledAt lines { sku location { code } quantity } } userErrors { __typename }
} }"""
PLANS: Mapping[tuple[str, ...], int] = {
    ("Release",): 30,
    ("Extend", "Release"): 10,
    ("Confirm",): 15,
    ("Confirm", "Fulfil"): 15,
    ("Fulfil",): 5,
    ("Extend", "Confirm"): 5,
    ("Extend",): 5,
    (): 15,
}
"""What becomes of a reservation, and how often."""
COPIES = (1, 1, 1, 2, 3)
"""How often one request is sent at once."""
NEVER_S = 300.0


class Unanswered(Exception):
    """The server is away, or cannot reach what it needs; what was asked may have been done or not."""


@dataclass(slots=True)
class Told:
    """What one buyer was told of one wish: every id that came back, and where the reservation stood last."""

    key: str
    lines: Mapping[Key, int]
    ids: set[str] = field(default_factory=set)
    states: list[str] = field(default_factory=list)
    is_fulfilled: bool = False


@dataclass(slots=True)
class Shop:
    """The servers that buyers turn to, first the one they like; how often they were answered, and how often not."""

    urls: Sequence[str]
    http: httpx2.AsyncClient
    answered: int = 0
    unanswered: int = 0

    async def ask(self, query: str, asked: Mapping[str, Any], *, authorization: str, first: int = 0) -> Any:
        """Ask until there is an answer, and give it."""
        async with asyncio.timeout(NEVER_S):
            while True:
                try:
                    answer = await self._once(self.urls[first % len(self.urls)], query, asked, authorization)
                except Unanswered:
                    first, self.unanswered = first + 1, self.unanswered + 1
                    await asyncio.sleep(0.3 + random.random())
                    continue
                self.answered += 1
                return answer

    async def _once(self, url: str, query: str, asked: Mapping[str, Any], authorization: str) -> Any:
        body, headers = {"query": query, "variables": {"input": asked}}, {"authorization": authorization}
        try:
            told = (await self.http.post(f"{url}/graphql", json=body, headers=headers)).json()
        except httpx2.TransportError as failure:
            raise Unanswered from failure
        if any(error["extensions"]["code"] == "SOURCE_UNAVAILABLE" for error in told.get("errors", ())):
            raise Unanswered
        assert "errors" not in told, told["errors"]
        return told["data"]["answer"]


@dataclass(slots=True)
class Buyer:
    """One who buys of the goods until the sale is over; `goods[0]` is what everybody wants."""

    name: str
    shop: Shop
    goods: Sequence[Key]
    dice: random.Random
    authorization: str
    till: str
    likes: int = 0
    told: list[Told] = field(default_factory=list)

    async def buy(self, is_over: asyncio.Event) -> None:
        """Wish, and see what becomes of it, until the sale is over."""
        while not is_over.is_set():
            told = self._wish()
            self.told.append(told)
            await self.reserve(told)
            if told.ids:
                [plan] = self.dice.choices(list(PLANS), list(PLANS.values()))
                for step in plan:
                    await self.step(step, told)
            await asyncio.sleep(self.dice.uniform(0, 0.2))

    async def reserve(self, told: Told) -> None:
        """Ask for units, maybe several times at once with one key."""
        lines = [{"sku": sku, "location": at, "quantity": units} for (sku, at), units in told.lines.items()]
        asked = {"lines": lines, "idempotencyKey": told.key}
        for answer in await self._several(CREATE, asked, self.authorization):
            assert all(error["__typename"] == OutOfStock.__name__ for error in answer["userErrors"]), answer
            assert (answer["reservation"] is None) == bool(answer["userErrors"])
            if answer["reservation"]:
                _heard(told, answer["reservation"])

    async def step(self, name: str, told: Told) -> None:
        """Go a step on with the reservation; to hand it over is the till's."""
        [id] = told.ids
        asked = {"reservation": ids.encode("Reservation", id), "idempotencyKey": f"{told.key}-{name}"}
        by = self.till if name == "Fulfil" else self.authorization
        for answer in await self._several(STEP % (name, name), asked, by):
            assert answer["userErrors"] == [], (name, told, answer)
            _heard(told, answer["reservation"])

    async def ask_again(self) -> None:
        """Send some of the requests that were answered once more: a reservation is not made twice."""
        made = [told for told in self.told if told.ids]
        for told in self.dice.sample(made, min(2, len(made))):
            await self.reserve(told)

    def _wish(self) -> Told:
        wanted = [self.goods[0], *(key for key in self.goods[1:] if self.dice.random() < 0.15)]
        self.dice.shuffle(wanted)
        return Told(f"{self.name}-{len(self.told)}", {key: self.dice.randint(1, 4) for key in wanted})

    async def _several(self, query: str, asked: Mapping[str, Any], authorization: str) -> Sequence[Any]:
        copies = range(self.likes, self.likes + self.dice.choice(COPIES))
        return await asyncio.gather(
            *(self.shop.ask(query, asked, authorization=authorization, first=first) for first in copies)
        )


def _heard(told: Told, reservation: Any) -> None:
    lines = {(line["sku"], line["location"]["code"]): line["quantity"] for line in reservation["lines"]}
    assert lines == told.lines, (lines, told)
    told.ids.add(ids.key_of("Reservation", reservation["id"]))
    told.states.append(reservation["state"])
    told.is_fulfilled = told.is_fulfilled or reservation["fulfilledAt"] is not None
