"""Of each path the newest word counts; what has expired or was taken back is not shown; rules leave people's words."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

import domain.tags
from domain.tags import Dimension, Purchase, Tag, TagSource
from tests.builders import NOW

DAY = timedelta(days=1)
PATHS = ("category/denim", "category/denim/slim", "style/natural")

moments = st.integers(-3, 3).map(lambda days: NOW + days * DAY)
tags = st.builds(
    Tag,
    dimension=st.sampled_from(Dimension),
    path=st.sampled_from(PATHS),
    source=st.sampled_from(TagSource),
    set_at=moments,
    value=st.sampled_from(["", "a", "b"]),
    confidence_bp=st.sampled_from([5_000, 10_000]),
    expires_at=st.none() | moments,
)
many = st.lists(tags, max_size=12)
bought = st.lists(
    st.builds(
        Purchase,
        st.sampled_from(["denim", "denim/slim", "coats", "shoes", "hats"]),
        st.integers(-5, 50),
        st.integers(-1, 400).map(lambda days: NOW - days * DAY),
    ),
    max_size=12,
)


@given(many, many, st.randoms(use_true_random=False))
def test_united_tags_are_the_newest_word_on_each_path_in_whatever_order(
    one: list[Tag], other: list[Tag], shuffler: Random
) -> None:
    words = [*one, *other]
    united = domain.tags.newest(words)
    assert domain.tags.newest(shuffler.sample(words, len(words))) == united
    assert domain.tags.newest([*domain.tags.newest(one), *domain.tags.newest(other)]) == united
    assert {tag.key for tag in united} == {tag.key for tag in words}
    for tag in united:
        assert tag in words
        assert all(tag.set_at >= word.set_at for word in words if word.key == tag.key)


@given(many)
def test_what_has_expired_is_not_shown_nor_is_the_older_word_it_replaced(words: list[Tag]) -> None:
    shown = domain.tags.shown(words, NOW)
    assert [tag for tag in domain.tags.newest(words) if tag.expires_at is None or tag.expires_at > NOW] == shown
    taken_back = [tag.ended(NOW + 9 * DAY) for tag in shown]
    assert domain.tags.shown([*words, *taken_back], NOW + 9 * DAY) == []


@given(st.text("aB /　去\t", max_size=12))
def test_a_path_is_written_in_one_way(path: str) -> None:
    once = domain.tags.normal(path)
    assert domain.tags.normal(once) == once
    assert "" not in once.split("/") or once == ""


def test_a_path_is_kept_in_small_letters_without_empty_steps() -> None:
    assert domain.tags.normal(" Category // Denim/Slim ") == "category/denim/slim"


@given(tags)
def test_a_tag_is_read_as_it_was_written_down(tag: Tag) -> None:
    assert domain.tags.unpack(domain.tags.pack(tag)) == tag


@given(bought)
def test_preferences_are_the_shares_of_what_was_paid_of_late(purchases: list[Purchase]) -> None:
    worth: defaultdict[str, int] = defaultdict(int)
    for one in purchases:
        if one.amount_minor > 0 and NOW - timedelta(days=365) < one.at <= NOW:
            worth[f"category/{one.path}"] += one.amount_minor
    found = domain.tags.preferences(purchases, NOW)
    assert len(found) <= domain.tags.PREFERENCES
    for tag in found:
        assert tag.confidence_bp == 10_000 * worth[tag.path] // sum(worth.values()) >= domain.tags.LEAST_SHARE_BP
        assert tag.holds(NOW)
    if worth:
        assert found[0].path in {path for path, amount in worth.items() if amount == max(worth.values())}


@given(many, bought)
def test_what_rules_say_follows_the_purchases_and_leaves_the_words_of_others(
    words: list[Tag], purchases: list[Purchase]
) -> None:
    at = NOW + 4 * DAY
    stored = domain.tags.newest(words)
    derived = domain.tags.preferences(purchases, at)
    written = domain.tags.refreshed(stored, derived, at)
    after = domain.tags.newest([*stored, *written])
    kept = [t for t in stored if t.source is TagSource.MANUAL or (t.source is not TagSource.RULE and t.holds(at))]
    assert set(kept) <= set(after)
    by_rule = {replace(tag, set_at=at) for tag in domain.tags.shown(after, at) if tag.source is TagSource.RULE}
    others = {tag.key for tag in kept}
    assert by_rule == {tag for tag in derived if tag.key not in others}
    assert domain.tags.refreshed(after, derived, at) == []
