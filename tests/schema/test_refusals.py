"""Every reason why something was not done can be said in Chinese and in English, with its facts."""

from dataclasses import replace

import pytest
from hypothesis import given

import schema.build  # noqa: F401  # with it every kind has its words
from datasources.store.store import Store
from domain.refusals.base import KINDS, Refusal
from schema.refusals.base import TEXTS, texts
from tests.refusing import refusals
from tests.worlds import asked


@pytest.mark.anyio
@given(refusal=refusals)
async def test_every_reason_is_said_in_both_languages_with_its_facts(refusal: Refusal) -> None:
    ctx = asked(Store("sqlite+aiosqlite:///nowhere.sqlite3"))
    said = {language: (await texts(replace(ctx, language=language), [refusal]))[0] for language in ("zh", "en", "fr")}
    assert said["fr"] == said["en"]
    assert said["zh"] != said["en"]
    for name in set(type(refusal).__slots__) - {"path", "available"}:
        fact = getattr(refusal, name)
        facts = fact if isinstance(fact, tuple) else () if fact is None else (fact,)
        assert all(str(said_of) in text for said_of in facts for text in said.values())


def test_there_is_a_text_for_every_reason_and_no_other() -> None:
    assert set(TEXTS) == set(KINDS.values())
    assert all(set(said) == {"zh", "en"} for said in TEXTS.values())
