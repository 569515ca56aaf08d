"""The demo's people: found by what they are called, and what the tokens say of them is so."""

from datetime import UTC, datetime, timedelta

import resolvers.phones
from datasources.demo import people, prices, purchases, stores
from datasources.demo.products import styles
from domain.consents import Purpose, permits
from domain.members import IdentifierType, MemberStatus
from domain.tiers import LADDER

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
MEMBERS = tuple(people.members(NOW))
ORDERS = tuple(purchases.orders(NOW))


def test_everybody_has_names_of_their_own_in_their_normal_form() -> None:
    names = [name for member in MEMBERS for name in member.identifiers]
    assert len({name.key for name in names}) == len(names) == 2 * people.MEMBERS
    phones = [name.value for name in names if name.type is IdentifierType.PHONE]
    assert [resolvers.phones.normal(phone) for phone in phones] == phones
    assert len({member.code for member in MEMBERS}) == len({member.id for member in MEMBERS}) == people.MEMBERS


def test_the_member_of_the_demos_token_is_gold_as_it_says_and_allows_everything() -> None:
    spent = sum(order.net_minor for order in ORDERS if order.member_id == people.MEMBER and order.completed_at)
    gold = next(tier for tier in LADDER.tiers if tier.code == prices.GOLD)
    assert spent >= gold.threshold_minor
    said = people.consents(MEMBERS)[people.MEMBER]
    assert all(permits(said, purpose) for purpose in Purpose)


def test_who_has_not_joined_has_consented_to_nothing_MEM_11() -> None:
    prospects = {member.id for member in MEMBERS if member.status is MemberStatus.PROSPECT}
    assert prospects
    assert not prospects & set(people.consents(MEMBERS))


def test_somebody_has_their_birthday_in_three_days_and_is_a_client_of_the_demos_guide() -> None:
    clients = {binding.member_id for binding in people.bindings(NOW)}
    soon = (NOW + timedelta(days=3)).date()
    days = {
        (m.profile.birthday.month, m.profile.birthday.day) for m in MEMBERS if m.profile.birthday and m.id in clients
    }
    assert (soon.month, soon.day) in days


def test_what_was_bought_is_of_the_catalogue_and_of_stores_that_are_there() -> None:
    skus = {sku for style in styles() for sku in style.skus}
    sites = {site.id for site in stores.SITES}
    assert {line.sku for order in ORDERS for line in order.lines} <= skus
    assert {order.location_id for order in ORDERS} <= sites | {None}
    assert all(order.placed_at < NOW for order in ORDERS)
