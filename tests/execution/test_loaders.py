"""What many objects ask for at once is asked of a batch resolver once, and each gets its own answer."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

import execution.loaders
from execution.loaders import WrongLength

pytestmark = pytest.mark.anyio


class Asked:
    """A batch resolver that remembers what it was asked."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    async def squares(self, ctx: Any, objects: Sequence[int]) -> Sequence[object]:
        """One square per number; no square for 13."""
        self.batches.append(list(objects))
        await asyncio.sleep(0)
        return [ValueError("unlucky") if n == 13 else n * n for n in objects]


async def load(loaders: dict[Any, Any], resolver: Asked, *objects: int, key: str = "squares") -> list[Any]:
    """Ask for all of them at once, as fields of one level do."""
    asked = [execution.loaders.loader(loaders, key, None, resolver.squares, name="squares").load(n) for n in objects]
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_all_of_one_level_are_one_call_in_their_order() -> None:
    resolver = Asked()
    assert await load({}, resolver, 3, 1, 2, 3) == [9, 1, 4, 9]
    assert resolver.batches == [[3, 1, 2, 3]]


async def test_what_is_asked_with_other_arguments_is_another_call() -> None:
    resolver, loaders = Asked(), {}  # type: ignore[var-annotated]
    await asyncio.gather(load(loaders, resolver, 1, key="a"), load(loaders, resolver, 2, key="b"))
    assert resolver.batches == [[1], [2]]


async def test_nothing_is_remembered_from_one_level_to_the_next() -> None:
    resolver, loaders = Asked(), {}  # type: ignore[var-annotated]
    for _ in range(2):
        assert await load(loaders, resolver, 5) == [25]
    assert resolver.batches == [[5], [5]]
    assert loaders == {}


async def test_an_error_in_one_place_is_that_object_s_alone() -> None:
    one, unlucky, other = await load({}, Asked(), 1, 13, 2)
    assert (one, other) == (1, 4)
    assert isinstance(unlucky, ValueError)


@pytest.mark.parametrize("answers", [[], [1], [1, 2, 3]])
async def test_a_resolver_that_answers_too_much_or_too_little_is_named(answers: list[int]) -> None:
    async def broken(ctx: Any, objects: Sequence[int]) -> Sequence[int]:
        return answers

    with pytest.raises(WrongLength, match=r"broken\.one returned \d results for 2 objects"):
        await execution.loaders.call(broken, None, [1, 2], name="broken.one")


async def test_when_the_call_itself_fails_everybody_hears_of_it() -> None:
    async def down(ctx: Any, objects: Sequence[int]) -> Sequence[int]:
        raise ConnectionError("down")

    found = execution.loaders.loader({}, "down", None, down, name="down")
    answers = await asyncio.gather(found.load(1), found.load(2), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ConnectionError, ConnectionError]
