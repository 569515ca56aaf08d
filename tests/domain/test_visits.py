"""Visits: whom an associate may see."""

from datetime import timedelta

from domain.visits import Visit, may_see
from tests.builders import NOW
from tests.domain.test_bindings import bound

DAY = timedelta(days=1)


def test_an_associate_sees_own_clients_and_who_came_to_the_own_store_within_a_month_CLI_1() -> None:
    client = bound().now
    came = [
        Visit("SH001", "m-2", NOW - 30 * DAY + timedelta.resolution),
        Visit("SH001", "m-3", NOW - 30 * DAY),
        Visit("SH002", "m-4", NOW),
    ]
    assert may_see(associate_id="a-1", location_id="SH001", bindings=[client], visits=came, now=NOW) == {"m-1", "m-2"}
    assert may_see(associate_id="a-2", location_id="SH002", bindings=[client], visits=came, now=NOW) == {"m-4"}
