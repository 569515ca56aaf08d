"""A token may ask for less than its role allows, never for more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.viewers
from domain.viewers import GUEST, SCOPES_OF_ROLE, Role, Scope
from tests.builders import ASSOCIATE, INTEGRATOR, NOW, VIEWERS

claims = st.none() | st.frozensets(st.sampled_from(Scope))


@given(st.sampled_from(Role), claims)
def test_nobody_holds_more_than_the_role_or_the_token_says_STK_12(role: Role, claimed: frozenset[Scope] | None) -> None:
    viewer = domain.viewers.viewer(subject="x", role=role, scopes=claimed)
    most = SCOPES_OF_ROLE[role]
    assert viewer.scopes == (most if claimed is None else most & claimed)


@pytest.mark.parametrize(
    ("scope", "roles"),
    [
        (Scope.STOCK_READ, {Role.ASSOCIATE, Role.INTEGRATOR, Role.ADMINISTRATOR}),
        (Scope.STOCK_WRITE, {Role.INTEGRATOR, Role.ADMINISTRATOR}),
        (Scope.STOCK_COUNT, {Role.ASSOCIATE, Role.INTEGRATOR, Role.ADMINISTRATOR}),
        (Scope.RESERVATIONS_WRITE, {Role.MEMBER, Role.ASSOCIATE, Role.INTEGRATOR, Role.ADMINISTRATOR}),
    ],
)
def test_who_may_see_count_write_and_reserve_numbers_STK_12(scope: Scope, roles: set[Role]) -> None:
    assert {viewer.role for viewer in VIEWERS if viewer.may(scope)} == roles


def test_an_associate_acts_for_their_own_store_and_the_house_for_all() -> None:
    wandering = domain.viewers.viewer(subject="a", role=Role.ASSOCIATE, scopes=None)
    assert [viewer.acts_for("SH002") for viewer in (ASSOCIATE, wandering, INTEGRATOR)] == [False, True, True]
    assert ASSOCIATE.acts_for("SH001")
    assert replace(INTEGRATOR, location_id="SH001").acts_for("SH002")


def test_who_sends_no_token_is_a_guest_without_rights() -> None:
    assert (GUEST.role, GUEST.scopes, GUEST.member_tier) == (Role.GUEST, frozenset(), None)
    assert domain.viewers.viewer(subject="x", role=Role.GUEST, scopes=None).scopes == frozenset()


def test_a_token_holds_until_the_instant_it_names_and_one_that_names_none_for_ever() -> None:
    until = domain.viewers.viewer(subject="m", role=Role.MEMBER, scopes=None, expires_at=NOW)
    moments = [NOW - timedelta(microseconds=1), NOW, NOW + timedelta(days=1)]
    assert [until.has_expired(now) for now in moments] == [False, True, True]
    assert not GUEST.has_expired(NOW)


def test_a_token_tells_the_tier_and_the_store() -> None:
    viewer = domain.viewers.viewer(subject="a", role=Role.ASSOCIATE, scopes=None, member_tier="gold", location_id="SH1")
    assert (viewer.member_tier, viewer.location_id) == ("gold", "SH1")
