"""Everything that can happen to points, in any order: against points counted one by one from the first fact (§15)."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.facts import Fact, Kind, Returned, Share, Side, Terms
from domain.points import now_or_later
from domain.points_records import pack
from domain.programmes import Programme
from tests.builders import NOW
from tests.domain.points_model import Ledger, check, counted

PROGRAMME = Programme("points", "积分", "CNY", expiry_days=20, debt_limit=12, is_default=True)
ORDERS = st.sampled_from([f"order-{number}" for number in range(6)])
DAYS_AGO = st.integers(0, 15)
LINES = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 6)), min_size=1, max_size=3)


class Points(RuleBasedStateMachine):
    """Two members, whom a merge may join; tills upload late, twice and in any order."""

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.ledgers = {"a": Ledger(PROGRAMME), "b": Ledger(PROGRAMME)}
        self.came: dict[str, tuple[list[Fact], object]] = {}
        self.number = 0

    def _whose(self, who: str) -> Ledger:
        return self.ledgers["b" if self.came else who]

    def _ref(self, what: str) -> str:
        self.number += 1
        return f"{what}-{self.number}"

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(who=st.sampled_from("ab"), order=ORDERS, ago=DAYS_AGO, lines=LINES)
    def earn(self, who: str, order: str, ago: int, lines: list[tuple[int, int]]) -> None:
        shares = tuple(Share(str(key), units, amount) for key, (units, amount) in enumerate(lines))
        amount = sum(share.amount for share in shares)
        at = self.now - timedelta(days=ago)
        self._post(who, Fact(Kind.EARN_PENDING, f"{who}-{order}", at, amount=amount, shares=shares))

    @rule(who=st.sampled_from("ab"), order=ORDERS, ago=DAYS_AGO)
    def activate(self, who: str, order: str, ago: int) -> None:
        self._post(who, Fact(Kind.ACTIVATE, f"{who}-{order}", self.now - timedelta(days=ago)))

    @rule(who=st.sampled_from("ab"), order=ORDERS, ago=DAYS_AGO, line=st.integers(0, 2), units=st.integers(0, 2))
    def units_come_back(self, who: str, order: str, ago: int, line: int, units: int) -> None:
        returned = (Returned(str(line), units),)
        at = self.now - timedelta(days=ago)
        of, ref = f"{who}-{order}", self._ref("return")
        self._post(
            who,
            Fact(Kind.REVERSE_EARN, ref, at, of=of, returned=returned),
            Fact(Kind.RESTORE_BURN, ref, at, of=of, returned=returned),
        )

    @rule(who=st.sampled_from("ab"), order=ORDERS, share=st.integers(1, 4))
    def freeze(self, who: str, order: str, share: int) -> None:
        ledger = self._whose(who)
        at = now_or_later(ledger.account, self.now)
        ledger.sweep(at)
        if (amount := ledger.account.active // share) > 0:
            shares = (Share("0", 2, amount),)
            at = now_or_later(ledger.account, self.now)
            self._post(who, Fact(Kind.FREEZE, f"{who}-{order}", at, amount=amount, shares=shares))

    @rule(who=st.sampled_from("ab"), order=ORDERS, amount=st.none() | st.integers(0, 5), ago=DAYS_AGO)
    def capture(self, who: str, order: str, amount: int | None, ago: int) -> None:
        self._post(who, Fact(Kind.CAPTURE, f"{who}-{order}", self.now - timedelta(days=ago), amount=amount))

    @rule(who=st.sampled_from("ab"), order=ORDERS)
    def unfreeze(self, who: str, order: str) -> None:
        self._post(who, Fact(Kind.UNFREEZE, f"{who}-{order}", self.now))

    @rule(who=st.sampled_from("ab"), amount=st.integers(-9, 9), days=st.sampled_from([5, 20, 40]))
    def adjust(self, who: str, amount: int, days: int) -> None:
        terms = Terms(days, PROGRAMME.debt_limit)  # as if the programme's rules changed now and then
        self._post(who, Fact(Kind.ADJUST, self._ref("adjust"), self.now, amount=amount, terms=terms))

    @rule(who=st.sampled_from("ab"), data=st.data())
    def uploads_come_again(self, who: str, data: st.DataObject) -> None:
        if known := list(self._whose(who).facts.values()):
            self._whose(who).post(*data.draw(st.lists(st.sampled_from(known), max_size=5)))

    @rule(who=st.sampled_from("ab"))
    def sweep(self, who: str) -> None:
        self._whose(who).sweep(self.now)

    @precondition(lambda self: not self.came)
    @rule()
    def merge(self) -> None:
        a, b = self.ledgers["a"], self.ledgers["b"]
        before = [sum(pair) for pair in zip(*(self._shown(one) for one in (a, b)), strict=True)]
        at = max(now_or_later(one.account, self.now) for one in (a, b))
        a.sweep(at)
        at = now_or_later(a.account, at)
        moved, theirs = pack(a.account), list(a.facts.values())
        self.came["a"] = (theirs, at)
        a.post(Fact(Kind.MERGE, "b", at))
        b.post(Fact(Kind.MERGE, "a", at, moved=moved))
        b.seen |= a.seen
        assert a.balances == (0, 0, 0)
        assert a.fold(Side.MOVED) + b.fold(Side.MOVED) == 0
        assert [*b.balances] == before, "no lot lost, no lot twice"  # MEM-3

    def _shown(self, ledger: Ledger) -> tuple[int, int, int]:
        ledger.sweep(now_or_later(ledger.account, self.now))
        return ledger.balances

    def _post(self, who: str, *facts: Fact) -> None:
        self._whose(who).post(*facts)

    @invariant()
    def is_counted_right(self) -> None:
        for name, ledger in getattr(self, "ledgers", {}).items():
            check(ledger)
            if ledger.account.last is None or (name == "a" and self.came):
                continue
            until = ledger.account.last[0]
            came = self.came if name == "b" else None
            model = counted(list(ledger.facts.values()), PROGRAMME, until=until, came=came)  # type: ignore[arg-type]
            assert (ledger.balances, ledger.account.debt) == (model.balances, model.debt)


Points.TestCase.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
TestPoints_PTS_1_2_3_4_5_6_7_9_10 = Points.TestCase  # the ids of the invariants
