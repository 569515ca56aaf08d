"""What is held of a level: for a channel, to the end of a slot, and not a moment longer."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

import domain.stock
from domain.channels import Channel
from domain.stock import HOLD_SLOT, Hold, StockLevel, slot_end, with_hold
from tests.builders import NOW
from tests.domain.shelves import holds, levels


@given(levels, holds)
def test_what_is_held_more_counts_for_its_channel_and_what_is_over_is_gone(level: StockLevel, more: Hold) -> None:
    after = with_hold(level, more, now=NOW)
    assert all(hold.quantity and hold.expires_at > NOW for hold in after.holds)
    for channel in Channel:
        is_its = more.channel is channel and more.expires_at > NOW
        before = domain.stock.held(level, NOW, channel)
        assert domain.stock.held(after, NOW, channel) == before + (more.quantity if is_its else 0)
    assert replace(after, holds=level.holds) == replace(level, version=level.version + 1)


@given(st.integers(0, 10**9))
def test_nothing_ends_before_it_was_promised_to_and_little_after(microseconds: int) -> None:
    at = NOW + timedelta(microseconds=microseconds)
    assert at <= slot_end(at) < at + HOLD_SLOT
