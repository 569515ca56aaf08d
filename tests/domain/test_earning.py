"""What a purchase earns, what points pay, and that a preview promises what is posted."""

from hypothesis import given
from hypothesis import strategies as st

from domain import earning
from domain.earning import Deduction, Line
from domain.programmes import BASIS, Programme, credit, named, usual

PROGRAMMES = st.builds(
    Programme,
    code=st.just("points"),
    unit=st.just("积分"),
    currency=st.just("CNY"),
    earn_points=st.integers(0, 20),
    earn_per_minor=st.integers(1, 5_000),
    fen_per_100=st.integers(0, 1_000),
    max_share_bp=st.integers(0, BASIS),
)
LINES = st.lists(
    st.builds(Line, key=st.sampled_from("abcdef"), units=st.integers(1, 9), net_minor=st.integers(0, 10**6)),
    max_size=6,
    unique_by=lambda line: line.key,
)
MULTIPLIERS = st.integers(0, 5 * BASIS)


@given(PROGRAMMES, st.integers(-100, 10**9), MULTIPLIERS)
def test_earning_is_the_floor_of_base_by_rate_by_multiplier(programme: Programme, base: int, multiplier: int) -> None:
    exact = max(0, base) * programme.earn_points * multiplier
    earned = earning.earned(programme, base, multiplier_bp=multiplier)
    per = programme.earn_per_minor * BASIS
    assert earned * per <= exact < (earned + 1) * per


@given(st.integers(0, 10**6), LINES)
def test_what_the_lines_earn_is_what_the_order_earns_PTS_7(amount: int, lines: list[Line]) -> None:
    shares = earning.shared(amount, lines)
    assert sum(share.amount for share in shares) == amount
    assert [share.key for share in shares] == ([line.key for line in lines] or [""])


@given(PROGRAMMES, LINES, st.integers(0, 10**7), st.integers(0, 10**7), MULTIPLIERS)
def test_a_preview_is_what_the_posting_takes_and_gives_PTS_8(
    programme: Programme, lines: list[Line], points: int, balance: int, multiplier: int
) -> None:
    shown = earning.preview(programme, lines, points=points, balance=balance, multiplier_bp=multiplier)
    again = earning.deducted(programme, shown.deduction.points, cap_minor=shown.most.value_minor)
    assert again == shown.deduction
    assert shown.earned == earning.earned(programme, shown.total_minor, multiplier_bp=multiplier)
    assert sum(share.amount for share in shown.shares) == shown.earned
    assert shown.deduction.points <= min(points, balance)


@given(PROGRAMMES, st.integers(0, 10**7), st.integers(0, 10**7))
def test_points_never_pay_more_than_is_to_be_paid_PTS_11(programme: Programme, balance: int, payable: int) -> None:
    most = earning.most(programme, balance=balance, payable_minor=payable)
    assert 0 <= most.value_minor <= payable * programme.max_share_bp // BASIS
    assert payable - most.value_minor >= 0
    assert most.points <= balance
    if most.points:
        assert (
            earning.value_of(programme, most.points - 1) < most.value_minor <= earning.value_of(programme, most.points)
        )


def test_credit_is_money_that_neither_earns_nor_expires_PTS_12() -> None:
    money = credit("CNY")
    assert earning.earned(money, 100_000) == 0
    assert earning.most(money, balance=500, payable_minor=300) == Deduction(300, 300)
    assert (money.expiry_days, money.debt_limit, money.currency) == (None, 0, "CNY")
    assert credit("HKD").code != money.code


def test_programmes_are_found_by_code_and_one_is_the_usual() -> None:
    programmes = usual("CNY")
    points = named(programmes, None)
    assert points is not None
    assert points.unit == "积分"
    assert named(programmes, "stars") is programmes[1]
    assert named(programmes, "miles") is None
