"""A cache never holds more than it may, never keeps what was dropped on its way, and asks once for many."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.cache.cache import Cache
from datasources.ports.errors import Malformed, TimedOut, Unavailable

pytestmark = pytest.mark.anyio


class Source:
    """Numbers that change, by name; it remembers what it was asked, and answers when it is let."""

    def __init__(self) -> None:
        self.values: dict[str, int | None] = {}
        self.batches: list[list[str]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def load(self, keys: list[str]) -> Sequence[int | None]:
        """What the numbers are at the moment of the question."""
        self.batches.append(keys)
        found = [self.values.get(key) for key in keys]
        await asyncio.sleep(0)
        await self.may_answer.wait()
        return found


def opened(source: Source, *, most: int = 100) -> Cache[str, int | None]:
    """A cache that keeps what it loads."""
    cache = Cache(source.load, most=most)
    cache.open()
    return cache


async def asked_and_waiting(
    cache: Cache[str, int | None], source: Source, *keys: str
) -> "asyncio.Task[Sequence[int | None]]":
    """A load that has been asked and cannot come back yet."""
    source.may_answer.clear()
    before = len(source.batches)
    load = asyncio.create_task(_many(cache, *keys))
    while len(source.batches) == before:  # noqa: ASYNC110  # a few turns of the loop
        await asyncio.sleep(0)
    return load


async def _many(cache: Cache[str, int | None], *keys: str) -> Sequence[int | None]:
    return await cache.many(keys)


async def test_what_was_loaded_is_not_asked_again_not_even_that_there_is_nothing() -> None:
    source = Source()
    source.values = {"a": 1}
    cache = opened(source)
    for _ in range(2):
        assert await cache.many(["b", "a", "b"]) == [None, 1, None]
    assert source.batches == [["b", "a"]]
    assert await cache.many([]) == []


async def test_what_many_requests_miss_at_once_is_one_question() -> None:
    source = Source()
    cache = opened(source)
    await asyncio.gather(*(cache.many([f"k{n}", f"k{n + 1}"]) for n in range(9)))
    assert [sorted(batch) for batch in source.batches] == [[f"k{n}" for n in range(10)]]


async def test_who_asks_while_a_load_is_under_way_waits_for_it() -> None:
    source = Source()
    cache = opened(source)
    first = await asked_and_waiting(cache, source, "a")
    second = asyncio.create_task(_many(cache, "a"))
    await asyncio.sleep(0)
    source.may_answer.set()
    assert [await first, await second] == [[None], [None]]
    assert source.batches == [["a"]]


@pytest.mark.parametrize(
    "change",
    [
        lambda cache: cache.drop("a"),
        lambda cache: cache.renew("a", lambda held: held),
        lambda cache: cache.clear(),
        lambda cache: cache.drop_unknown(),
        lambda cache: (cache.shut(), cache.open()),
    ],
    ids=["drop", "renew", "clear", "drop_unknown", "shut_and_open"],
)
async def test_a_load_that_began_before_a_change_is_not_kept(
    change: Callable[[Cache[str, int | None]], object],
) -> None:
    source = Source()
    cache = opened(source)
    old = await asked_and_waiting(cache, source, "a")
    source.values["a"] = 2
    change(cache)
    new = asyncio.create_task(_many(cache, "a"))
    source.may_answer.set()
    assert await new == [2]
    await old
    assert await cache.many(["a"]) == [2]
    assert await cache.many(["b", "a"]) == [None, 2]


async def test_a_cache_that_is_shut_asks_every_time_and_holds_nothing() -> None:
    source = Source()
    cache: Cache[str, int | None] = Cache(source.load, most=10)
    cache.offer("a", 1)
    for value in (1, 2):
        source.values["a"] = value
        assert await cache.many(["a"]) == [value]
    assert len(cache) == 0


async def test_what_is_held_is_gone_once_the_cache_is_shut() -> None:
    source = Source()
    source.values = {"a": 1}
    cache = opened(source)
    await cache.many(["a"])
    cache.shut()
    source.values = {"a": 2}
    assert len(cache) == 0
    assert await cache.many(["a"]) == [2]


async def test_a_load_that_ends_after_the_cache_was_shut_is_not_kept() -> None:
    source = Source()
    cache = opened(source)
    load = await asked_and_waiting(cache, source, "a")
    cache.shut()
    source.may_answer.set()
    await load
    assert len(cache) == 0


async def test_who_gives_up_leaves_the_load_to_the_others() -> None:
    source = Source()
    cache = opened(source)
    impatient = await asked_and_waiting(cache, source, "a")
    patient = asyncio.create_task(_many(cache, "a"))
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    source.may_answer.set()
    assert await patient == [None]


async def test_a_source_that_fails_is_asked_again_next_time() -> None:
    fails = [True]

    async def load(keys: list[str]) -> Sequence[int | None]:
        if fails.pop() if fails else False:
            raise Unavailable("store", "gone")
        return [1 for _ in keys]

    cache = Cache(load, most=10)
    cache.open()
    failed = await asyncio.gather(cache.many(["a"]), cache.many(["a", "b"]), return_exceptions=True)
    assert [type(failure) for failure in failed] == [Unavailable, Unavailable]
    assert await cache.many(["a"]) == [1]


async def test_a_load_that_never_ends_is_given_up_and_joined_by_nobody() -> None:
    source = Source()
    source.may_answer.clear()
    cache = Cache(source.load, most=10, patience_s=0.01)
    cache.open()
    async with asyncio.timeout(10):
        with pytest.raises(TimedOut, match=r"no answer within 0\.01 s"):
            await cache.many(["a"])
    source.may_answer.set()
    assert await cache.many(["a"]) == [None]
    assert source.batches == [["a"], ["a"]]


async def test_a_source_that_answers_too_little_is_malformed() -> None:
    async def load(keys: list[str]) -> Sequence[int | None]:
        return [1]

    cache = Cache(load, most=10)
    cache.open()
    with pytest.raises(Malformed, match="1 answers to 2 questions"):
        await cache.many(["a", "b"])
    assert len(cache) == 0


async def test_what_somebody_came_by_is_kept_unless_something_is_held_already() -> None:
    source = Source()
    cache = opened(source)
    cache.offer("a", 1)
    cache.offer("a", 2)
    assert await cache.many(["a"]) == [1]
    assert source.batches == []


async def test_only_what_is_held_is_renewed() -> None:
    source = Source()
    source.values = {"a": 1}
    cache = opened(source)
    await cache.many(["a"])
    for key in ("a", "b"):
        cache.renew(key, lambda held: (held or 0) + 10)
    assert len(cache) == 1
    assert await cache.many(["a"]) == [11]


async def test_only_what_was_nothing_is_dropped_with_the_unknown() -> None:
    source = Source()
    source.values = {"a": 1}
    cache = opened(source)
    await cache.many(["a", "b"])
    source.values = {"a": 7, "b": 8}
    cache.drop_unknown()
    assert await cache.many(["a", "b"]) == [1, 8]


questions = st.lists(st.lists(st.integers(0, 20).map(str), max_size=15), max_size=30)


@given(st.integers(2, 12), questions)
async def test_the_bound_is_never_exceeded(most: int, asked: list[list[str]]) -> None:
    cache = opened(Source(), most=most)
    for keys in asked:
        assert await cache.many(keys) == [None for _ in keys]
        assert len(cache) <= most


@given(st.integers(2, 12), st.lists(st.integers(0, 9).map(str), max_size=60))
async def test_what_was_used_lately_is_still_held(most: int, used: list[str]) -> None:
    source = Source()
    cache = opened(source, most=most)
    for key in used:
        await cache.many([key])
    lately = list(dict.fromkeys(reversed(used)))[: most // 2]
    source.batches.clear()
    for key in lately:
        await cache.many([key])
    assert source.batches == []


@given(
    st.integers(2, 8),
    st.lists(
        st.tuples(st.sampled_from(["ask", "set", "drop_unknown", "clear", "offer"]), st.sampled_from("abcde")),
        max_size=40,
    ),
)
async def test_whoever_drops_what_changes_never_reads_an_old_value(most: int, steps: list[tuple[str, str]]) -> None:
    source = Source()
    cache = opened(source, most=most)
    for number, (step, key) in enumerate(steps):
        if step == "set":
            source.values[key] = number
            cache.drop(key)
        elif step == "offer":
            cache.offer(key, source.values.get(key))
        elif step == "ask":
            assert await cache.many([key, "a"]) == [source.values.get(key), source.values.get("a")]
        else:
            getattr(cache, step)()
        assert len(cache) <= most
