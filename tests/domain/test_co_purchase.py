"""What is bought together, against a count that anybody can follow."""

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.co_purchase import LEAST, NEIGHBOURS, WIDEST, Baskets

baskets = st.lists(st.sets(st.sampled_from("ABCDEF"), max_size=6), max_size=20)


def counted(found: list[set[str]]) -> dict[str, list[tuple[str, float, int]]]:
    """Every pair by hand."""
    pairs = [tuple(sorted(pair)) for basket in found for pair in combinations(sorted(basket), 2)]
    number = {sku: sum(sku in basket for basket in found) for sku in "ABCDEF"}
    by_sku: dict[str, list[tuple[str, float, int]]] = {sku: [] for sku in "ABCDEF" if number[sku]}
    for one in by_sku:
        for other in by_sku:
            both = pairs.count(tuple(sorted((one, other))))
            if both >= LEAST:
                by_sku[one].append((other, both / math.sqrt(number[one] * number[other]), both))
    return by_sku


@given(baskets)
def test_scores_are_cosines_of_what_stands_in_the_same_baskets(found: list[set[str]]) -> None:
    books = Baskets()
    for basket in found:
        books.add([*basket, *basket])
    learned = {one.sku: one for one in books.affinities()}
    wanted = counted(found)
    assert set(learned) == set(wanted)
    for sku, beside in wanted.items():
        assert learned[sku].baskets == sum(sku in basket for basket in found)
        assert sorted(learned[sku].neighbours) == sorted(beside)
        scores = [one.score for one in learned[sku].neighbours]
        assert scores == pytest.approx(sorted(scores, reverse=True))
        assert all(0 < score <= 1 + 1e-9 for score in scores)


@given(baskets)
def test_closeness_is_mutual_and_the_order_of_baskets_does_not_matter(found: list[set[str]]) -> None:
    there, back = Baskets(), Baskets()
    for basket in found:
        there.add(basket)
    for basket in reversed(found):
        back.add(basket)
    learned = {one.sku: one for one in there.affinities()}
    assert learned == {one.sku: one for one in back.affinities()}
    for one in learned.values():
        for beside in one.neighbours:
            assert (one.sku, beside.score) in {(other.sku, other.score) for other in learned[beside.sku].neighbours}


def test_a_basket_of_more_than_a_person_buys_says_nothing_and_neighbours_are_bounded() -> None:
    books = Baskets()
    many = [f"I{n}" for n in range(WIDEST + 1)]
    books.add(many)
    assert list(books.affinities()) == []
    for _ in range(2):
        books.add(many[:-1])
    assert {len(one.neighbours) for one in books.affinities()} == {NEIGHBOURS}
