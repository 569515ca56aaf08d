"""Visits: whom an associate may see, against asking of each member on each day."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.bindings import Binding, BindingSource
from domain.visits import Visit, may_see
from tests.builders import NOW

DAY = timedelta(days=1)
GUIDES = {"a-1": "SH001", "a-2": "SH001", "a-3": "SH002"}
MEMBERS = [f"m-{n}" for n in range(4)]
days_ago = st.sampled_from([0, 1, 29, 30, 31, 179, 180, 181])
bindings = st.builds(
    lambda member, guide, ago, over: Binding(
        f"b-{member}",
        member,
        guide,
        NOW - ago * DAY,
        NOW - ago * DAY + 180 * DAY,
        NOW,
        BindingSource.SCAN,
        None if over is None else NOW - ago * DAY + over * DAY,
    ),
    st.sampled_from(MEMBERS),
    st.sampled_from(list(GUIDES)),
    days_ago,
    st.none() | st.integers(0, 180),
)
visits = st.builds(
    lambda place, member, ago: Visit(place, member, NOW - ago * DAY),
    st.sampled_from(["SH001", "SH002"]),
    st.sampled_from(MEMBERS),
    days_ago,
)


@given(st.lists(bindings, max_size=8), st.lists(visits, max_size=8), st.sampled_from(list(GUIDES)))
def test_an_associate_sees_own_clients_and_who_came_to_the_own_store_within_a_month_and_nobody_else_CLI_1(
    bound: list[Binding], came: list[Visit], guide: str
) -> None:
    seen = may_see(associate_id=guide, location_id=GUIDES[guide], bindings=bound, visits=came, now=NOW)
    for member in MEMBERS:
        days_as_client = {
            (one.since + day * DAY).date()
            for one in bound
            if (one.member_id, one.associate_id) == (member, guide)
            for day in range(180)
            if one.ended_at is None or one.since + day * DAY < one.ended_at
        }
        days_in_store = {
            one.last_at.date() for one in came if (one.member_id, one.location_id) == (member, GUIDES[guide])
        }
        month = {(NOW - day * DAY).date() for day in range(30)}
        assert (member in seen) == (NOW.date() in days_as_client or bool(days_in_store & month))
