"""Pieces that know each other: an adversarial schema in strawberry, its fields bound in every way that the house has.

What a resolver answers depends on its object and its arguments alone, never on whom it is asked together with.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import strawberry

from resolvers.context import Context
from schema.base import Argument, batch, derived, enum, plain, view
from schema.inputs import input

MOST = 60
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)


class Mood(Enum):
    """How a piece answers."""

    FINE = "fine"
    SOME_FAIL = "some fail"
    ALL_FAIL = "all fail"


enum(Mood, "How a piece answers.", FINE="Well.", SOME_FAIL="Every third fails.", ALL_FAIL="The call fails.")


@dataclass(frozen=True, slots=True)
class Piece:
    """A number; whatever it is asked follows from it."""

    number: int

    @property
    def weight(self) -> Decimal:
        """Pieces divisible by eleven cannot be weighed."""
        if self.number % 11 == 0:
            raise ArithmeticError(f"piece {self.number} has no weight")
        return Decimal(self.number) / 4

    @property
    def made_at(self) -> datetime | None:
        """Unknown for every fifth."""
        return None if self.number % 5 == 0 else NOON + timedelta(hours=self.number)

    @property
    def mood(self) -> Mood:
        return list(Mood)[self.number % 3]

    @property
    def maybe(self) -> str:
        """Not there although it must be, for every seventh."""
        return None if self.number % 7 == 0 else f"piece {self.number}"  # type: ignore[return-value]

    @property
    def later(self) -> Awaitable[int]:
        """An attribute that must be awaited."""
        return _after(self.number % 3, self.number)


@dataclass(frozen=True, slots=True)
class Box:
    """Something that pieces come in."""

    piece: Piece


class Odd:
    """Of no type that the schema knows."""


async def _after(turns: int, value: Any) -> Any:
    for _ in range(turns):
        await asyncio.sleep(0)
    return value


def _in_mood(mood: Mood, piece: Piece, value: Any) -> Any:
    return LookupError(f"no answer of {piece.number}") if mood is Mood.SOME_FAIL and piece.number % 3 == 1 else value


async def parts_of(ctx: Context, pieces: Sequence[Piece], *, count: int = 2, mood: Mood = Mood.FINE) -> Sequence[Any]:
    """A piece's parts; some are exceptions, some are null, some call for patience."""
    await _after(count % 4, None)
    if mood is Mood.ALL_FAIL:
        raise ConnectionError("parts are away")
    return [_in_mood(mood, p, [_part(2 * p.number + n) for n in range(max(count, 0))]) for p in pieces]


def _part(number: int) -> Any:
    if number > MOST:
        return None
    return ValueError(f"part {number} is lost") if number % 13 == 12 else Piece(number)


async def whole_of(ctx: Context, pieces: Sequence[Piece], *, mood: Mood = Mood.FINE) -> Sequence[Any]:
    """What a piece is part of; it must be something, but the first is part of nothing."""
    await _after(3, None)
    return [_in_mood(mood, piece, Piece(piece.number // 2) if piece.number else None) for piece in pieces]


async def short_of(ctx: Context, pieces: Sequence[Piece]) -> Sequence[Any]:
    """Always wrong: one answer too many."""
    return [1] * (len(pieces) + 1)


async def told_of(
    ctx: Context, pieces: Sequence[Piece], *, asked: Any = None, tags: list[str] | None = None
) -> Sequence[str]:
    """What was asked; and it spoils what it was given, which must not reach anybody else."""
    answers = [f"{piece.number}: {asked} {tags}" for piece in pieces]
    if tags:
        tags.clear()
    return answers


async def near_of(ctx: Context, pieces: Sequence[Piece]) -> Sequence[Any]:
    """A piece, a box, nothing, or something odd."""
    return [(Piece(p.number + 1), Box(p), None, Odd(), Box(Piece(0)))[p.number % 5] for p in pieces]


async def one(ctx: Context, roots: Sequence[None], *, number: int = 1) -> Sequence[Any]:
    """A piece by its number."""
    await asyncio.sleep(0)
    return [_part(number)]


async def some(ctx: Context, roots: Sequence[None], *, first: int = 5, from_: int = 0) -> Sequence[Any]:
    """Some pieces."""
    return [[Piece(number) for number in range(from_, from_ + first)]]


async def counted(ctx: Context, roots: Sequence[None], *, by: int, mood: Mood = Mood.FINE) -> Sequence[Any]:
    """Count on; each in its turn, however long it takes."""
    await _after(5 - by, None)
    ctx.loaders["count"] = ctx.loaders.get("count", 0) * 10 + by
    return [ValueError("lost count") if mood is Mood.ALL_FAIL else ctx.loaders["count"]]


def _line(text: str, moods: list[Mood] | None = None, then: str | None = None) -> str:
    """What is asked, as one line."""
    return f"{text}/{moods}/{then}"


@input(_line, description="What to ask.")
class Ask:
    text: str = strawberry.field(default="?", description="The words.")
    moods: list[Mood] | None = strawberry.field(default=None, description="The moods.")
    then: "Ask | None" = strawberry.field(default=None, description="What to ask then.")


@strawberry.interface(description="Whatever has a number.")
class Numbered:
    number: int = strawberry.field(description="Its number.")


@strawberry.interface(description="Whatever can be put into something.")
class Packed(Numbered):
    number: int = strawberry.field(description="Its number.")
    label: str = strawberry.field(description="What is written on it.")


@view(Box, description="Something that pieces come in.")
class BoxView(Packed, Numbered):
    number: int = derived(lambda box: -box.piece.number, description="Below nothing.")
    label: str = derived(lambda box: box.piece.maybe, description="What is written on it.")
    piece: "PieceView" = plain("What is in it.")


_NUMBER = Annotated[int, strawberry.argument(description="How often.")]


@view(Piece, description="A number.")
class PieceView(Packed, Numbered):
    number: int = plain("Its number.")
    label: str = plain("What is written on it.", attribute="maybe")
    maybe: str = plain("Not always there.")
    weight: Decimal | None = plain("Not always known.")
    heavy: Decimal = plain("Not always known, but it must be.", attribute="weight")
    made_at: datetime | None = plain("When it was made.")
    mood: Mood = plain("How it is.")
    later: int = plain("Takes its time.")
    moods: list[list[Mood]] = derived(lambda piece: [[piece.mood] * n for n in range(3)], description="Its moods.")
    ratio: float | None = derived(lambda piece: 12 / (piece.number % 4), description="Impossible for every fourth.")
    parts: list["PieceView | None"] | None = batch(parts_of, description="Its parts.", count="How many.", mood="How.")
    all_parts: list["PieceView"] | None = batch(parts_of, description="Each must be.", count="How many.", mood="How.")
    whole: "PieceView" = batch(whole_of, description="What it is part of.", mood="How.")
    short: int | None = batch(short_of, description="Broken.")
    told: str = batch(told_of, description="What was asked.", asked=Argument("What.", Ask | None), tags="Words.")
    near: "Near | None" = batch(near_of, description="What stands beside it.")
    packed: Packed | None = batch(near_of, description="What stands beside it, packed.")

    @strawberry.field(description="An ordinary resolver.")  # type: ignore[untyped-decorator]
    def shout(self, info: strawberry.Info, times: _NUMBER = 2) -> str:
        if times < 0:
            raise ValueError("cannot shout less than not at all")
        return f"{self.number}!" * times + info.field_name

    @strawberry.field(description="An ordinary resolver that waits.")  # type: ignore[untyped-decorator]
    async def whisper(self, mood: Annotated[Mood, strawberry.argument(description="How.")] = Mood.FINE) -> str | None:
        await _after(self.number % 4, None)
        if mood is Mood.ALL_FAIL:
            raise ValueError(f"{self.number} is silent")
        return None if mood is Mood.SOME_FAIL else f"…{self.number}"


Near = Annotated[PieceView | BoxView, strawberry.union("Near", description="What stands beside a piece.")]


@strawberry.type(description="What can be asked.")
class Query:
    piece: PieceView | None = batch(one, description="One piece.", number="Which.")
    must: PieceView = batch(one, description="One piece, for sure.", number="Which.")
    pieces: list[PieceView] | None = batch(some, description="Some.", first="How many.", from_="From where.")
    numbered: list[Numbered | None] = batch(some, description="Some.", first="How many.", from_="From where.")


@strawberry.type(description="What can be changed.")
class Mutation:
    count: int | None = batch(counted, description="Count on.", by="By what.", mood="How.")
    must: int = batch(counted, description="Count on for sure.", by="By what.", mood="How.")


@strawberry.type(description="What can be watched.")
class Subscription:
    @strawberry.subscription(description="Pieces, one after the other.")  # type: ignore[untyped-decorator]
    async def passing(self) -> AsyncIterator[PieceView]:
        for number in range(4):
            await asyncio.sleep(0)
            yield Piece(number * 6)  # type: ignore[misc]  # served as it is

    @strawberry.subscription(description="A piece that may be none.")  # type: ignore[untyped-decorator]
    async def now_and_then(self) -> AsyncIterator[PieceView | None]:
        for number in (1, None, 12):
            yield number and Piece(number)  # type: ignore[misc]
