"""A tier follows from what was bought, refunds deducted: it rises with it, holds for its term, and lapses after it."""

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.tiers
from domain.tiers import LADDER, Completed, Entitlement, EntitlementKind, Grant, Ladder, Standing, Tier
from tests.builders import NOW

DAY = timedelta(days=1)
SMALL = Ladder(
    version="small",
    tiers=(Tier("a", "A", 0), Tier("b", "B", 10), Tier("c", "C", 20)),
    window=5 * DAY,
    term=3 * DAY,
    grace=2 * DAY,
    imported={"VIP2": "c"},
)

orders = st.builds(Completed, st.integers(-2, 20).map(lambda n: NOW - n * DAY), st.integers(0, 15))
histories = st.lists(orders, max_size=8)
grants = st.lists(
    st.builds(
        lambda code, since, days: Grant(code, NOW - since * DAY, NOW - (since - days) * DAY),
        st.sampled_from(["a", "b", "c", "VIP2", "unheard of"]),
        st.integers(-3, 8),
        st.integers(1, 8),
    ),
    max_size=3,
)


def rank(standing: Standing) -> int:
    return SMALL.tiers.index(standing.tier)


def model(history: list[Completed], granted: list[Grant], at: datetime) -> str:
    """Every moment of the past is looked at by itself: what it earned, and whether that holds still."""
    held = ["a"]
    for moment in (order.at for order in history):
        if moment <= at < moment + SMALL.term + SMALL.grace:
            basis = sum(o.amount_minor for o in history if moment - SMALL.window < o.at <= moment)
            held += [tier.code for tier in SMALL.tiers if tier.threshold_minor <= basis]
    held += [{"VIP2": "c"}.get(g.code, g.code) for g in granted if g.since <= at < g.until]
    return max(code for code in held if len(code) == 1)


@given(histories, grants, st.randoms(use_true_random=False))
def test_a_tier_is_a_function_of_history_rules_and_moment_MEM_9(
    history: list[Completed], granted: list[Grant], shuffler: Random
) -> None:
    found = domain.tiers.standing(SMALL, history, granted, at=NOW)
    assert found.tier.code == model(history, granted, NOW)
    shuffled = shuffler.sample(history, len(history))
    assert domain.tiers.standing(SMALL, shuffled, granted[::-1], at=NOW) == found


@given(histories, histories, st.lists(st.integers(0, 9), min_size=8, max_size=8), grants)
def test_whoever_buys_more_stands_no_lower_MEM_9(
    history: list[Completed], besides: list[Completed], more: list[int], granted: list[Grant]
) -> None:
    richer = [Completed(one.at, one.amount_minor + extra) for one, extra in zip(history, more, strict=False)]
    less = domain.tiers.standing(SMALL, history, granted, at=NOW)
    more_of_it = domain.tiers.standing(SMALL, [*richer, *besides], granted, at=NOW)
    assert rank(more_of_it) >= rank(less)


@given(histories, st.integers(0, 12))
def test_nothing_is_taken_away_within_its_term(history: list[Completed], days: int) -> None:
    now = domain.tiers.standing(SMALL, history, at=NOW)
    later = NOW + days * DAY
    if now.holds_until is not None and later < now.holds_until + SMALL.grace:
        assert rank(domain.tiers.standing(SMALL, [o for o in history if o.at <= NOW], at=later)) >= rank(now)


@given(histories, grants)
def test_what_would_renew_and_what_is_missing_are_told_by_what_they_bring(
    history: list[Completed], granted: list[Grant]
) -> None:
    found = domain.tiers.standing(SMALL, history, granted, at=NOW)
    told = domain.tiers.progress(SMALL, found)
    renewed = domain.tiers.standing(SMALL, [*history, Completed(NOW, told.to_keep_minor)], granted, at=NOW)
    assert rank(renewed) >= rank(found)
    if told.missing_minor is None:
        assert found.tier.code == "c"
    else:
        raised = domain.tiers.standing(SMALL, [*history, Completed(NOW, told.missing_minor)], granted, at=NOW)
        assert rank(raised) > rank(found)


def test_a_tier_from_purchase_to_grace_to_the_lowest_rung() -> None:
    history = [Completed(NOW, 12)]
    shown = [domain.tiers.standing(SMALL, history, at=NOW + days * DAY) for days in (0, 2, 3, 4, 5)]
    assert [(one.tier.code, one.is_in_grace) for one in shown] == [
        ("b", False),
        ("b", False),
        ("b", True),
        ("b", True),
        ("a", False),
    ]
    assert [one.holds_until for one in shown] == [NOW + 3 * DAY] * 4 + [None]


def test_a_grant_is_kept_to_its_end_whatever_is_bought() -> None:
    given_until = Grant("VIP2", NOW - DAY, NOW + DAY)
    for history in ([], [Completed(NOW, 12)]):
        assert domain.tiers.standing(SMALL, history, [given_until], at=NOW).tier.code == "c"
    assert domain.tiers.standing(SMALL, [Completed(NOW, 12)], [given_until], at=NOW + DAY).tier.code == "b"


@pytest.mark.parametrize(
    ("tiers", "imported"),
    [
        ((), {}),
        ((Tier("a", "", 1),), {}),
        ((Tier("a", "", 0), Tier("b", "", 0)), {}),
        ((Tier("a", "", 0), Tier("a", "", 1)), {}),
        ((Tier("a", "", 0),), {"VIP": "b"}),
    ],
)
def test_a_ladder_that_does_not_stand_is_refused(tiers: tuple[Tier, ...], imported: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="ladder"):
        Ladder("1", tiers, imported=imported)


def test_the_ladder_of_the_house_gives_more_on_every_rung() -> None:
    for low, high in zip(LADDER.tiers, LADDER.tiers[1:], strict=False):
        assert low.multiplier_bp < high.multiplier_bp
        assert set(low.entitlements) < set(high.entitlements)


@given(st.lists(st.integers(0, 30), max_size=8), st.none() | st.integers(1, 4))
def test_an_entitlement_is_used_no_more_often_in_any_stretch_than_it_says(wishes: list[int], uses: int | None) -> None:
    gift = Entitlement("gift", "", EntitlementKind.GIFT, uses=uses, days=10)
    used: list[datetime] = []
    for day in sorted(wishes):
        at = NOW + day * DAY
        left, again_at = gift.left(used, at), gift.again_at(used, at)
        assert (left == 0) == (again_at is not None)
        if again_at is not None:
            assert gift.left(used, again_at)
        else:
            used.append(at)
    for start in used:
        assert uses is None or sum(start <= at < start + 10 * DAY for at in used) <= uses
