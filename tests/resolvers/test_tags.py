"""What is said of members: the newest word on each path, by those who may say it, and undone with a merge."""

import json
from datetime import timedelta

import pytest

import resolvers.tags
from datasources.store.store import Store
from domain.consents import ConsentState, Purpose
from domain.refusals.general import EmptyField, ObservedInFuture
from domain.refusals.members import UnknownMember
from domain.refusals.tags import ConfidenceOutOfRange, NotYourWord, PathTooDeep
from domain.tags import Dimension, Tag, TagSource
from resolvers.context import Context
from resolvers.tags import Place, RemoveTags, SetTags, Word
from tests.builders import NOW
from tests.resolvers.knowing import guide, house, later, opened, says, seen

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
LIKES = Dimension.CONSUMPTION
SLIM = Word(LIKES, "Category/Denim/Slim", "yes")


@pytest.fixture
async def shop(store: Store, migrated_database_url: str) -> Store:
    return await opened(store, migrated_database_url)


async def said(ctx: Context, *words: Word, key: str = "k", id: str = "m1") -> None:
    """Say something, and have it taken."""
    answer = await resolvers.tags.set_tags(ctx, SetTags(id, words, key))
    assert (answer.user_errors, answer.member is not None) == ((), True)


async def paths(ctx: Context, id: str = "m1") -> list[tuple[str, str]]:
    """What is shown of a member."""
    (tags,) = await resolvers.tags.tags_of(ctx, [await seen(ctx, id)])
    return [(tag.path, tag.value) for tag in tags]


async def test_what_a_guide_says_is_shown_until_it_expires_or_is_taken_back(shop: Store) -> None:
    ctx = guide(shop)
    await said(ctx, SLIM, Word(LIKES, "style/natural", expires_at=NOW + DAY), Word(Dimension.BASIC, "city", "上海"))
    assert await paths(ctx) == [("city", "上海"), ("category/denim/slim", "yes"), ("style/natural", "")]
    assert await paths(later(ctx, NOW + DAY)) == [("city", "上海"), ("category/denim/slim", "yes")]
    gone = RemoveTags("m1", [Place(LIKES, " category/denim/SLIM"), Place(LIKES, "never said")], "k2")
    assert (await resolvers.tags.remove(ctx.anew(), gone)).user_errors == ()
    assert await paths(ctx) == [("city", "上海"), ("style/natural", "")]


async def test_the_newest_word_counts_whenever_it_comes_in(shop: Store) -> None:
    crm = house(shop)
    words = [
        Word(LIKES, "style", value, TagSource.IMPORT, said_at=NOW - DAY * days) for value, days in (("b", 1), ("a", 2))
    ]
    for number, word in enumerate(words):
        await said(crm, word, key=f"k{number}")
        assert await paths(crm) == [("style", "b")]


async def test_words_that_cannot_be_meant_are_refused_with_all_that_is_wrong(shop: Store) -> None:
    words = [
        Word(LIKES, " / "),
        Word(LIKES, "a/b/c/d/e/f/g"),
        Word(LIKES, "a", confidence_bp=10_001),
        Word(LIKES, "a", source=TagSource.MODEL),
        Word(LIKES, "a", said_at=NOW + DAY),
    ]
    answer = await resolvers.tags.set_tags(guide(shop), SetTags("m1", words, "k"))
    assert answer.user_errors == (
        EmptyField(("input", "tags", 0, "path")),
        PathTooDeep(("input", "tags", 1, "path"), 6, 7),
        ConfidenceOutOfRange(("input", "tags", 2, "confidence"), 10_001),
        NotYourWord(("input", "tags", 3, "source"), "MODEL", ("MANUAL",)),
        ObservedInFuture(("input", "tags", 4, "saidAt"), NOW + DAY, NOW),
    )
    nothing = await resolvers.tags.remove(guide(shop), RemoveTags("m1", [], "k"))
    assert nothing.user_errors == (EmptyField(("input", "tags")),)


async def test_of_whom_one_may_not_see_nothing_is_said_CLI_1(shop: Store) -> None:
    for id in ("m2", "nobody"):
        answer = await resolvers.tags.set_tags(guide(shop), SetTags(id, [SLIM], id))
        assert answer.user_errors == (UnknownMember(("input", "member"), id),)


async def test_what_is_derived_is_shown_of_those_only_who_let_us(shop: Store) -> None:
    crm = house(shop)
    await said(crm, Word(LIKES, "fan", source=TagSource.MODEL), Word(LIKES, "vip", source=TagSource.IMPORT))
    assert await paths(crm) == [("vip", "")]
    await says(shop, Purpose.PROFILING)
    assert await paths(crm) == [("fan", ""), ("vip", "")]
    await says(shop, Purpose.PROFILING, ConsentState.WITHDRAWN)
    assert await paths(crm) == [("vip", "")]


async def test_a_merge_unites_tags_and_is_undone_but_for_what_was_said_since_MEM_4(shop: Store) -> None:
    crm = house(shop)
    await said(crm, Word(LIKES, "a", "m1", said_at=NOW - DAY), Word(LIKES, "b", "m1", said_at=NOW - 3 * DAY))
    await said(crm, Word(LIKES, "b", "m2", said_at=NOW - 2 * DAY), Word(LIKES, "c", "m2"), key="k2", id="m2")
    before = await kept(shop)
    async with shop.work() as work:
        record = await resolvers.tags.join(work, absorbed="m1", survivor="m2", now=NOW)
    assert await paths(crm, "m2") == [("a", "m1"), ("b", "m2"), ("c", "m2")]
    await said(crm, Word(LIKES, "c", "since", said_at=NOW), key="k3", id="m2")
    async with shop.work() as work:
        await resolvers.tags.part(work, json.loads(json.dumps(record)), now=NOW)
    after = await kept(shop)
    assert after["m1"] == before["m1"]
    assert await paths(crm, "m2") == [("b", "m2"), ("c", "since")]


async def test_nothing_is_kept_of_who_is_forgotten_MEM_10(shop: Store) -> None:
    await said(house(shop), SLIM)
    async with shop.work() as work:
        await resolvers.tags.forget(work, "m1", now=NOW)
    assert await kept(shop) == {}


async def kept(store: Store) -> dict[str, list[Tag]]:
    """All words that are kept, those that have ended too."""
    return {id: list(tags) for id, tags in (await store.tags.tags({"m1", "m2"})).items()}
