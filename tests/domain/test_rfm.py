"""Everybody who bought stands in one of eight segments and scores 1 to 5, compared with everybody else."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import floor
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.rfm import NAMES, SEGMENTS, CutRule, Cuts, Figures, Population, Ranking, segment_of

numbers = st.integers(0, 12)
figures = st.builds(Figures, numbers, numbers, st.integers(-5, 40))
people = st.lists(figures, min_size=1, max_size=12)
FIXED = Cuts(recency_days=5, orders=4, amount_minor=17)
rules = st.sampled_from([*CutRule, FIXED])


def ranked(members: Sequence[Figures], rule: CutRule | Cuts = CutRule.MEDIAN) -> Ranking:
    population = Population()
    for one in members:
        population.add(one)
    return population.ranking(rule)


def model(members: Sequence[Figures], rule: CutRule | Cuts, one: Figures) -> tuple[str, list[int]]:
    """Bits and scores, by comparing with everybody, one after the other."""
    columns = [[getattr(m, name) for m in members] for name in ("recency_days", "orders", "amount_minor")]
    cut = {
        CutRule.MEDIAN: [statistics.median(column) for column in columns],
        CutRule.MEAN: [statistics.mean(column) for column in columns],
        FIXED: [FIXED.recency_days, FIXED.orders, FIXED.amount_minor],
    }[rule]
    bits = [one.recency_days <= cut[0], one.orders >= cut[1], one.amount_minor >= cut[2]]
    worse = [
        sum(m.recency_days > one.recency_days for m in members),
        sum(m.orders < one.orders for m in members),
        sum(m.amount_minor < one.amount_minor for m in members),
    ]
    return "".join(str(int(bit)) for bit in bits), [1 + floor(5 * count / len(members)) for count in worse]


def scores(ranking: Ranking, one: Figures) -> list[int]:
    found = ranking.of(one).scores
    return [found.recency, found.frequency, found.monetary]


@given(people, rules)
def test_everybody_stands_in_exactly_one_of_the_eight_segments_ANA_1(
    members: list[Figures], rule: CutRule | Cuts
) -> None:
    ranking = ranked(members, rule)
    population = Population()
    for one in members:
        assert ranking.of(one).segment.bits == model(members, rule, one)[0]
        population.add(one)
    sizes = population.sizes(ranking)
    assert Counter(sizes) == Counter(segment_of(model(members, rule, one)[0]) for one in members)
    assert list(sizes) == list(SEGMENTS)
    assert sum(sizes.values()) == len(population) == len(members)


@given(people, rules)
def test_scores_count_who_stands_strictly_worse_ANA_2(members: list[Figures], rule: CutRule | Cuts) -> None:
    ranking = ranked(members, rule)
    for one in members:
        assert scores(ranking, one) == model(members, rule, one)[1]
        assert all(1 <= score <= 5 for score in scores(ranking, one))


@given(people)
def test_scores_rise_with_the_figure_and_are_equal_for_equal_ones_ANA_2(members: list[Figures]) -> None:
    ranking = ranked(members)
    told = [((-one.recency_days, one.orders, one.amount_minor), scores(ranking, one)) for one in members]
    for dimension in range(3):
        pairs = sorted((values[dimension], scored[dimension]) for values, scored in told)
        assert [score for _, score in pairs] == sorted(score for _, score in pairs)
        assert len(set(pairs)) == len({value for value, _ in pairs})


@given(people, st.integers(1, 1_000), st.randoms(use_true_random=False), st.sampled_from(CutRule))
def test_neither_another_unit_of_money_nor_another_order_changes_anything_ANA_2(
    members: list[Figures], factor: int, shuffler: Random, rule: CutRule
) -> None:
    scaled = [replace(one, amount_minor=one.amount_minor * factor) for one in members]
    before, after = ranked(members, rule), ranked(shuffler.sample(scaled, len(scaled)), rule)
    assert [before.of(one) for one in members] == [after.of(one) for one in scaled]


@given(people, rules, numbers, st.integers(0, 40))
def test_a_later_order_lowers_no_bit_it_should_not_ANA_3(
    members: list[Figures], rule: CutRule | Cuts, recency_days: int, amount_minor: int
) -> None:
    """With one more order of the first member, at the same moment; frequency and money by fixed cuts."""
    first = members[0]
    later = Figures(min(first.recency_days, recency_days), first.orders + 1, first.amount_minor + amount_minor)
    before, after = ranked(members, rule).of(first), ranked([later, *members[1:]], rule).of(later)
    assert after.segment.is_recent >= before.segment.is_recent
    if rule is FIXED:
        assert after.segment.is_frequent >= before.segment.is_frequent
        assert after.segment.is_high >= before.segment.is_high


def test_the_names_are_those_most_use() -> None:
    assert [segment.bits for segment in SEGMENTS] == list(NAMES)
    assert segment_of("011").name == "重要保持"


def test_nobody_is_cut_at_nothing() -> None:
    assert ranked([], CutRule.MEAN).cuts == ranked([]).cuts == Cuts(0, 0, 0)
    assert sum(Population().sizes(ranked([])).values()) == 0
