"""Only what was granted is allowed, and two people's consents made one allow no more than each did."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.consents
from domain.consents import Consent, ConsentState, Purpose
from tests.builders import NOW

CHANNELS = ["", "SMS", "EMAIL", "PUSH"]
said = st.lists(
    st.builds(
        Consent,
        st.sampled_from(Purpose),
        st.sampled_from(CHANNELS[:3]),
        st.sampled_from(ConsentState),
        st.sampled_from(["1", "2"]),
        st.integers(0, 3).map(lambda minute: NOW + timedelta(minutes=minute)),
        st.sampled_from(["app", "SH001"]),
        st.just("hash"),
    ),
    unique_by=lambda consent: (consent.purpose, consent.channel),
)


def allowed(consents: object) -> set[tuple[Purpose, str]]:
    """Everything that is permitted, channel by channel: also on one that nobody was asked about."""
    assert isinstance(consents, list)
    return {
        (purpose, one)
        for purpose in Purpose
        for one in CHANNELS
        if domain.consents.permits(consents, purpose, channel=one)
    }


@given(said, said)
def test_two_made_one_allow_what_both_allowed_and_nothing_else_MEM_5(one: list[Consent], other: list[Consent]) -> None:
    both = domain.consents.joined(one, other, at=NOW)
    assert allowed(both) == allowed(one) & allowed(other)


@given(said, said)
def test_a_no_of_either_is_kept_with_its_evidence_MEM_5(one: list[Consent], other: list[Consent]) -> None:
    both = {(it.purpose, it.channel): it for it in domain.consents.joined(one, other, at=NOW)}
    for no in (*one, *other):
        if no.state is ConsentState.DENIED:
            kept = both[no.purpose, no.channel]
            assert kept.state is ConsentState.DENIED
            assert kept.text_hash == "hash"


@given(said, said, said)
def test_it_does_not_matter_who_was_made_one_with_whom_first(
    a: list[Consent], b: list[Consent], c: list[Consent]
) -> None:
    def both(one: list[Consent], other: list[Consent]) -> list[Consent]:
        return list(domain.consents.joined(one, other, at=NOW))

    assert both(a, b) == both(b, a)
    assert allowed(both(both(a, b), c)) == allowed(both(a, both(b, c)))
    assert allowed(both(a, a)) == allowed(a)


@pytest.mark.parametrize("state", ConsentState)
def test_only_what_was_granted_is_allowed(state: ConsentState) -> None:
    consent = Consent(Purpose.MARKETING, "", state, "1", NOW, "app", "hash")
    assert domain.consents.permits([consent], Purpose.MARKETING, channel="SMS") is (state is ConsentState.GRANTED)
    assert not domain.consents.permits([consent], Purpose.PROFILING)


def test_the_word_on_a_channel_goes_before_the_one_for_all() -> None:
    yes = Consent(Purpose.MARKETING, "", ConsentState.GRANTED, "1", NOW, "app", "hash")
    no = Consent(Purpose.MARKETING, "SMS", ConsentState.DENIED, "1", NOW, "app", "hash")
    assert allowed([yes, no]) == {(Purpose.MARKETING, one) for one in CHANNELS if one != "SMS"}


def test_who_takes_back_a_yes_withdraws_and_who_never_gave_one_denies() -> None:
    yes = Consent(Purpose.MARKETING, "SMS", ConsentState.GRANTED, "1", NOW, "app", "hash")
    no = Consent(Purpose.MARKETING, "SMS", ConsentState.UNKNOWN, "1", NOW, "app", "hash")
    assert domain.consents.withdrawn([yes], no).state is ConsentState.WITHDRAWN
    assert domain.consents.withdrawn([], no).state is ConsentState.DENIED
