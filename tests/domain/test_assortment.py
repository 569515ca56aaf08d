"""A variant is on sale where and when a listing says so, from its first moment to just before its last."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.assortment
from domain.assortment import Listing, Shelf
from domain.channels import Channel
from tests.builders import NOW, listing

days = st.integers(-3, 3).map(lambda n: NOW + timedelta(days=n))
places = st.none() | st.sampled_from(["SH001", "SH002"])
listings = st.lists(
    st.builds(Listing, st.just("S1"), st.sampled_from(Channel), days, st.none() | days, places), max_size=4
)
shelves = st.builds(Shelf, st.sampled_from(Channel), days, places)


@given(listings, shelves)
def test_listed_means_that_a_row_holds_here_and_now_CAT_7(rows: list[Listing], shelf: Shelf) -> None:
    here = [row for row in rows if row.channel is shelf.channel]
    here = [row for row in here if row.location_id is None or row.location_id == shelf.location_id]
    begun = [row for row in here if row.listed_from <= shelf.at]
    holding = [row for row in begun if row.listed_to is None or row.listed_to > shelf.at]
    assert domain.assortment.is_listed(rows, shelf) == bool(holding)


@pytest.mark.parametrize(("minutes", "listed"), [(-1, False), (0, True), (59, True), (60, False)])
def test_a_listing_begins_on_its_minute_and_ends_before_its_last_CAT_7(minutes: int, listed: bool) -> None:
    for_an_hour = listing("S1", listed_from=NOW, listed_to=NOW + timedelta(hours=1))
    shelf = Shelf(Channel.MINI_PROGRAM, NOW + timedelta(minutes=minutes))
    assert domain.assortment.is_listed([for_an_hour], shelf) is listed


def test_what_one_store_lists_is_on_sale_for_who_asks_for_that_store() -> None:
    rows = [listing("S1", location_id="SH001")]
    everywhere = Shelf(Channel.MINI_PROGRAM, NOW)
    asked = [everywhere, replace(everywhere, location_id="SH001"), replace(everywhere, location_id="SH002")]
    assert [domain.assortment.is_listed(rows, shelf) for shelf in asked] == [False, True, False]
