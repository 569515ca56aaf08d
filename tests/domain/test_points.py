"""The points ledger: what each of its rules says, for anything that can be told of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import Account
from domain.earning import Line, shared
from domain.facts import Fact, Kind, Returned, Share, Side, Terms
from domain.points import expire, now_or_later, replay
from domain.points_book import GRACE
from domain.points_records import pack, pack_fact, unpack, unpack_fact
from domain.programmes import Programme, credit
from tests.builders import NOW
from tests.domain.points_model import Ledger, check, counted

DAY = timedelta(days=1)
PROGRAMME = Programme("points", "积分", "CNY", expiry_days=20, debt_limit=12)
ORDERS = st.sampled_from([f"order-{number}" for number in range(4)])
INSTANTS = st.integers(0, 40).map(lambda days: NOW + days * DAY)


def an_earning(ref: str, at: int, amount: int, *, units: int = 1) -> Sequence[Fact]:
    """Points of a day, active at once."""
    moment = NOW + at * DAY
    shares = (Share("a", units, amount),)
    return [
        Fact(Kind.EARN_PENDING, ref, moment, amount=amount, shares=shares),
        Fact(Kind.ACTIVATE, ref, moment),
    ]


def a_freeze(ref: str, at: int, amount: int, *, units: int = 1) -> Fact:
    return Fact(Kind.FREEZE, ref, NOW + at * DAY, amount=amount, shares=(Share("a", units, amount),))


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Facts such as tills tell: any of them may be missing, and none knows of the others."""
    facts: dict[tuple[Kind, str], Fact] = {}
    for number in range(draw(st.integers(1, 14))):
        kind, at, order = (
            draw(st.sampled_from([kind for kind in Kind if kind.value not in "MERGE EXPIRE"])),
            draw(INSTANTS),
            draw(ORDERS),
        )
        amount = draw(st.integers(0, 9))
        fact = Fact(kind, order, at)
        if kind in (Kind.EARN_PENDING, Kind.FREEZE):
            lines = [Line("a", 2, draw(st.integers(0, 5))), Line("b", 1, draw(st.integers(0, 5)))]
            fact = replace(fact, amount=amount, shares=shared(amount, lines))
        elif kind is Kind.ADJUST:
            fact = replace(fact, ref=f"adjust-{number}", amount=amount - 4)
        elif kind in (Kind.REVERSE_EARN, Kind.RESTORE_BURN):
            back = (Returned(draw(st.sampled_from("ab")), draw(st.integers(0, 2))),)
            fact = replace(fact, ref=f"return-{number}", of=order, returned=draw(st.none() | st.just(back)))
        facts[fact.name] = fact
    return list(facts.values())


def told(facts: Sequence[Fact], *, one_by_one: bool = True, programme: Programme = PROGRAMME) -> Ledger:
    ledger = Ledger(programme)
    for some in [[fact] for fact in facts] if one_by_one else [facts]:
        ledger.post(*some)
    return ledger


def _effects(ledger: Ledger) -> Sequence[object]:
    return [one for one in ledger.transactions if one.postings]


@given(histories())
def test_every_transaction_sums_to_zero_and_so_do_all_of_them_PTS_1(facts: list[Fact]) -> None:
    ledger = told(facts)
    for transaction in ledger.transactions:
        assert sum(posting.amount for posting in transaction.postings) == 0
    assert sum(ledger.fold(side) for side in Side) == 0


@given(histories(), INSTANTS)
def test_a_balance_of_then_is_the_fold_of_what_had_happened_then_PTS_2(facts: list[Fact], moment: object) -> None:
    ledger = told(facts)
    end = NOW + 90 * DAY
    ledger.sweep(end)
    for until in (moment, end):
        model = counted(facts, PROGRAMME, until=until)  # type: ignore[arg-type]
        sides = (Side.PENDING, Side.ACTIVE, Side.FROZEN)
        assert tuple(ledger.fold(side, until=until) for side in sides) == model.balances  # type: ignore[arg-type]


@given(histories())
def test_lots_and_debt_are_the_balances_PTS_3(facts: list[Fact]) -> None:
    check(told(facts))


@given(histories(), st.integers(0, 20))
def test_nobody_owes_more_than_they_may_PTS_4(facts: list[Fact], limit: int) -> None:
    ledger = told(facts, programme=replace(PROGRAMME, debt_limit=limit))
    assert ledger.fold(Side.ACTIVE) == ledger.account.active >= -limit
    assert min(ledger.account.pending, ledger.account.frozen) >= 0


@given(histories(), st.data())
def test_any_order_and_any_number_of_the_same_facts_end_alike_PTS_5(facts: list[Fact], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(facts), max_size=5))
    shuffled = data.draw(st.permutations([*facts, *again]))
    end = NOW + 90 * DAY
    ledgers = [told(facts), told(shuffled), told(facts, one_by_one=False)]
    for ledger in ledgers:
        ledger.sweep(end)
    first, *others = ledgers
    for other in others:
        assert other.account == first.account
        assert sorted(map(repr, _effects(other))) == sorted(map(repr, _effects(first)))
        assert all(other.fold(side) == first.fold(side) for side in Side)


def test_a_return_that_is_told_before_its_purchase_waits_for_it_PTS_5() -> None:
    earning = an_earning("order", 0, 10, units=2)
    back = Fact(Kind.REVERSE_EARN, "return", NOW + DAY, of="order", returned=(Returned("a", 1),))
    early = told([back])
    assert (early.balances, len(early.account.waiting)) == ((0, 0, 0), 1)
    early.post(*earning)
    assert (early.balances, early.account.waiting) == ((0, 5, 0), ())


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=6), st.data())
def test_what_is_frozen_and_given_back_is_as_it_was_PTS_6(earned: list[tuple[int, int]], data: st.DataObject) -> None:
    ledger = Ledger(PROGRAMME)
    for number, (day, amount) in enumerate(sorted(earned)):
        ledger.post(*an_earning(f"order-{number}", day, amount))
    before = ledger.account
    amount = data.draw(st.integers(0, before.active))
    ledger.post(a_freeze("cart", 10, amount))
    assert ledger.balances == (0, before.active - amount, amount)
    ledger.post(Fact(Kind.UNFREEZE, "cart", NOW + 11 * DAY))
    assert ledger.account.lots == before.lots
    assert ledger.balances == (0, before.active, 0)


@given(st.integers(0, 20), st.integers(0, 30))
def test_no_more_is_captured_than_is_frozen_PTS_6(frozen: int, asked: int) -> None:
    ledger = told([*an_earning("order", 0, 20), a_freeze("cart", 1, frozen)])
    ledger.post(Fact(Kind.CAPTURE, "cart", NOW + 2 * DAY, amount=asked))
    taken = min(asked, frozen)
    assert ledger.fold(Side.REDEEMED) == taken
    assert ledger.balances == (0, 20 - frozen, frozen - taken)


@given(
    st.integers(0, 300),
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 500)), min_size=1, max_size=4),
    st.data(),
)
def test_returns_in_any_parts_take_back_what_was_earned_and_give_back_what_was_burnt_PTS_7(
    amount: int, bought: list[tuple[int, int]], data: st.DataObject
) -> None:
    lines = [Line(str(key), units, net) for key, (units, net) in enumerate(bought)]
    burn = data.draw(st.integers(0, amount))
    shares = shared(amount, lines)
    generous = replace(PROGRAMME, debt_limit=10**6)
    ledger = told(
        [
            Fact(Kind.EARN_PENDING, "order", NOW, amount=amount, shares=shares),
            Fact(Kind.ACTIVATE, "order", NOW),
            Fact(Kind.FREEZE, "later", NOW + DAY, amount=burn, shares=shared(burn, lines)),
            Fact(Kind.CAPTURE, "later", NOW + DAY),
        ],
        programme=generous,
    )
    units = data.draw(st.permutations([line.key for line in lines for _ in range(line.units)]))
    for number, key in enumerate(units):
        at, back = NOW + 2 * DAY, (Returned(key, 1),)
        ledger.post(
            Fact(Kind.REVERSE_EARN, f"return-{number}", at, of="order", returned=back),
            Fact(Kind.RESTORE_BURN, f"return-{number}", at, of="later", returned=back),
        )
    assert ledger.fold(Side.ISSUED) == 0
    assert ledger.fold(Side.REDEEMED) == 0
    assert ledger.balances == (0, 0, 0)


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(1, 9), st.integers(17, 60)), min_size=1), st.data())
def test_the_first_to_expire_are_spent_first_PTS_9(earned: list[tuple[int, int, int]], data: st.DataObject) -> None:
    ledger = Ledger(PROGRAMME)
    for number, (day, amount, expiry_days) in enumerate(earned):
        facts = an_earning(f"order-{number}", day, amount)
        ledger.post(*(replace(fact, terms=Terms(expiry_days, 12)) for fact in facts))
    before = ledger.account.lots
    ledger.post(a_freeze("cart", 16, data.draw(st.integers(0, ledger.account.active))))
    touched = [lot for lot in ledger.account.lots.values() if lot.remaining < before[lot.id].remaining]
    for lot in touched:
        for earlier in ledger.account.lots.values():
            if (earlier.expires_at or NOW) < (lot.expires_at or NOW):
                assert earlier.remaining == 0


@given(st.integers(1, 20), st.integers(0, 45))
def test_only_what_is_due_and_free_expires_PTS_10(frozen: int, day: int) -> None:
    ledger = told([*an_earning("old", 0, 20), *an_earning("new", 5, 7), a_freeze("cart", 6, frozen)])
    ledger.sweep(NOW + day * DAY)
    gone = (20 - frozen if day >= 20 else 0) + (7 if day >= 25 else 0)
    assert ledger.fold(Side.BREAKAGE) == gone
    assert ledger.account.frozen == frozen
    ledger.post(Fact(Kind.UNFREEZE, "cart", NOW + 60 * DAY))
    assert ledger.balances == (0, 0, 0)
    assert all(
        transaction.occurred_at == NOW + 60 * DAY or transaction.occurred_at in (NOW + 20 * DAY, NOW + 25 * DAY)
        for transaction in ledger.transactions
        if transaction.kind is Kind.EXPIRE
    )


def test_what_comes_back_after_it_expired_is_good_for_thirty_days_more() -> None:
    ledger = told([*an_earning("order", 0, 10), a_freeze("cart", 1, 10), Fact(Kind.CAPTURE, "cart", NOW + DAY)])
    back = NOW + 40 * DAY
    ledger.post(Fact(Kind.RESTORE_BURN, "return", back, of="cart"))
    assert ledger.balances == (0, 10, 0)
    assert [lot.expires_at for lot in ledger.account.lots.values() if lot.remaining] == [back + GRACE]
    ledger.sweep(back + GRACE)
    assert ledger.balances == (0, 0, 0)


def remaining(ledger: Ledger) -> dict[str, int]:
    return {lot.earned_by: lot.remaining for lot in ledger.account.lots.values()}


def test_a_return_takes_the_points_of_its_own_order_then_those_that_end_first() -> None:
    ledger = told([*an_earning("old", 0, 10), *an_earning("new", 5, 10)])
    ledger.post(Fact(Kind.REVERSE_EARN, "return", NOW + 6 * DAY, of="new"))
    assert remaining(ledger) == {"old": 10, "new": 0}
    ledger = told([*an_earning("old", 0, 10), *an_earning("new", 5, 10), a_freeze("cart", 6, 4)])
    ledger.post(Fact(Kind.REVERSE_EARN, "return", NOW + 6 * DAY, of="old"))
    assert remaining(ledger) == {"old": 0, "new": 6}


def test_what_was_spent_last_is_given_back_first() -> None:
    ledger = told([*an_earning("old", 0, 10), *an_earning("new", 5, 10), a_freeze("cart", 6, 14, units=14)])
    ledger.post(Fact(Kind.CAPTURE, "cart", NOW + 6 * DAY))
    ledger.post(Fact(Kind.RESTORE_BURN, "return", NOW + 7 * DAY, of="cart", returned=(Returned("a", 6),)))
    assert remaining(ledger) == {"old": 2, "new": 10}


def test_what_is_owed_is_paid_by_the_next_earning_PTS_4() -> None:
    ledger = told([*an_earning("order", 0, 10), a_freeze("cart", 1, 10), Fact(Kind.CAPTURE, "cart", NOW + DAY)])
    ledger.post(Fact(Kind.REVERSE_EARN, "return", NOW + 2 * DAY, of="order"))
    assert (ledger.balances, ledger.account.debt) == ((0, -10, 0), 10)
    ledger.post(*an_earning("next", 3, 15))
    assert (ledger.balances, ledger.account.debt) == ((0, 5, 0), 0)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=5), st.data())
def test_store_credit_is_a_ledger_of_its_own_that_never_expires_PTS_12(given_: list[int], data: st.DataObject) -> None:
    ledger = Ledger(credit("CNY"))
    for number, amount in enumerate(given_):
        ledger.post(Fact(Kind.ADJUST, f"gift-{number}", NOW + number * DAY, amount=amount))
    ledger.sweep(NOW + 3650 * DAY)
    assert ledger.balances == (0, sum(given_), 0)
    spent = data.draw(st.integers(1, sum(given_)))
    at = now_or_later(ledger.account, NOW)
    ledger.post(Fact(Kind.FREEZE, "cart", at, amount=spent, shares=(Share("", spent, spent),)))
    ledger.post(Fact(Kind.CAPTURE, "cart", at))
    assert ledger.balances == (0, sum(given_) - spent, 0)
    check(ledger)


@given(histories(), histories())
def test_a_merge_keeps_every_point_and_can_be_undone_MEM_3_MEM_4(one: list[Fact], other: list[Fact]) -> None:
    other = [replace(fact, ref=f"b-{fact.ref}", of=fact.of and f"b-{fact.of}") for fact in other]
    a, b = told(one), told(other)
    at = NOW + 50 * DAY
    for ledger in (a, b):
        ledger.sweep(at - DAY)
    before = (a.account, b.account)
    sums = [sum(pair) for pair in zip(a.balances, b.balances, strict=True)]
    moved = pack(expire(a.account, at).account)
    a.post(Fact(Kind.MERGE, "b", at))
    b.sweep(at - timedelta(microseconds=1))
    b.post(Fact(Kind.MERGE, "a", at, moved=moved))
    check(b)
    assert a.fold(Side.MOVED) + b.fold(Side.MOVED) == 0
    if not any(ledger.fold(Side.BREAKAGE, until=at) - ledger.fold(Side.BREAKAGE, until=at - DAY) for ledger in (a, b)):
        assert [x + y for x, y in zip(a.balances, b.balances, strict=True)] == sums
    for was, facts in zip(before, (one, other), strict=True):
        theirs = [replace(fact, terms=PROGRAMME.terms) for fact in facts]
        undone = replay(theirs, until=at - DAY).account
        assert undone == was


@given(histories())
def test_facts_and_accounts_can_be_written_down_and_read_back(facts: list[Fact]) -> None:
    assert [unpack_fact(pack_fact(fact)) for fact in facts] == facts
    account = told(facts).account
    assert unpack(pack(account)) == replace(account, last=None)
    assert unpack(pack(Account())) == Account()
