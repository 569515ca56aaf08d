"""Who shares a verified name is one person, whatever came first; two phones are two people until somebody decides."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.merging
from domain.members import ContactPreference, Gender, Identifier, IdentifierType, Member, MemberStatus, Profile
from domain.merging import Linked, Merge, Obstacle, Together
from tests.builders import NOW
from tests.domain.merging import Book, Seen, components, first_come, person

PHONE, CARD, UNIONID = IdentifierType.PHONE, IdentifierType.CARD, IdentifierType.UNIONID
IDS = ["a", "b", "c", "d", "e", "f"]

links = st.builds(
    Seen,
    st.sampled_from(IDS),
    st.sampled_from([PHONE, CARD, UNIONID]),
    st.sampled_from(["1", "2", "3"]),
    st.integers(0, 5),
)
names = st.builds(
    Identifier,
    st.sampled_from([CARD, UNIONID, IdentifierType.EMAIL, IdentifierType.POS_ID]),
    st.sampled_from("123"),
    st.booleans(),
    st.just("till"),
    st.integers(0, 9).map(lambda minute: NOW + timedelta(minutes=minute)),
)
profiles = st.builds(
    Profile,
    st.sampled_from(["", "王芳", "Anna"]),
    st.none() | st.sampled_from(Gender),
    st.none() | st.sampled_from([date(1990, 1, 1), date(1991, 2, 2)]),
)
contacts = st.builds(ContactPreference, st.sampled_from(["", "SMS"]), st.sampled_from(["", "en"]))
people = st.builds(
    person,
    st.just("a"),
    age=st.integers(0, 2),
    status=st.sampled_from([MemberStatus.ACTIVE, MemberStatus.PROSPECT]),
    identifiers=st.lists(names, unique_by=lambda name: name.key, max_size=4).map(
        lambda some: tuple(sorted(some, key=lambda name: (name.linked_at, name.type.value, name.realm, name.value)))
    ),
    profile=profiles,
    contact=contacts,
    home_location_id=st.none() | st.sampled_from(["SH001", "SH002"]),
)


def book(*, ages: Random | None = None) -> Book:
    return Book(person(id, age=ages.randrange(3) if ages else 0) for id in IDS)


@given(st.lists(links, max_size=14), st.randoms(use_true_random=False))
def test_the_order_and_repetition_of_links_do_not_matter_where_nobody_has_two_phones_MEM_1(
    seen: list[Seen], chance: Random
) -> None:
    one_phone = [link if link.type is not PHONE else replace(link, member=f"{IDS[int(link.value)]}") for link in seen]
    groups = components(IDS, one_phone)
    if any(len({link.value for link in one_phone if link.type is PHONE and link.member in one}) > 1 for one in groups):
        return
    known = book(ages=chance)
    for link in chance.sample(one_phone, len(one_phone)) + chance.sample(one_phone, len(one_phone) // 2):
        known.see(link)
    assert known.classes() == groups
    assert known.queued == []


@given(st.lists(links, max_size=12))
def test_with_two_phones_the_earlier_link_wins_and_the_rest_is_left_to_a_person_MEM_1(seen: list[Seen]) -> None:
    ordered = sorted(seen, key=lambda link: link.minute)
    known = book()
    for link in ordered:
        known.see(link)
    assert (known.classes(), known.queued) == first_come(IDS, ordered)


def test_one_between_two_phones_goes_with_the_first_MEM_1() -> None:
    """A has a phone and B's card, C has another phone and B's other card."""
    seen = [Seen("a", PHONE, "1"), Seen("c", PHONE, "2"), Seen("b", CARD, "x"), Seen("b", CARD, "y")]
    for first, second, classes in [
        (Seen("a", CARD, "x"), Seen("c", CARD, "y"), {frozenset("ab"), frozenset("c")}),
        (Seen("c", CARD, "y"), Seen("a", CARD, "x"), {frozenset("bc"), frozenset("a")}),
    ]:
        known = Book([person("a"), person("b"), person("c")])
        for link in [*seen, first, second]:
            known.see(link)
        assert (known.classes(), known.queued) == (classes, [second])


@given(st.lists(links, max_size=14), st.randoms(use_true_random=False))
def test_a_verified_name_is_one_live_member_s_MEM_2(seen: list[Seen], chance: Random) -> None:
    known = book(ages=chance)
    for link in seen:
        known.see(link)
        live = [name.key for member in known.members.values() if member.is_live for name in member.identifiers]
        assert len(live) == len(set(live))
        assert not any(member.identifiers for member in known.members.values() if not member.is_live)


@given(people, people)
def test_apart_again_both_are_as_before_MEM_4(one: Member, other: Member) -> None:
    pair = domain.merging.together(one, replace(other, id="b", code="b"))
    made, gone = domain.merging.merged(pair, NOW)
    merge = Merge("m", pair.kept, pair.absorbed, made, NOW, "root", {})
    kept, absorbed = domain.merging.parted(merge, made, gone)
    assert (replace(kept, version=1), replace(absorbed, version=1)) == (pair.kept, pair.absorbed)


@given(people, people)
def test_of_two_profiles_nothing_told_is_lost_but_what_the_other_told_otherwise(one: Member, other: Member) -> None:
    pair = domain.merging.together(one, replace(other, id="b", code="b"))
    made, _ = domain.merging.merged(pair, NOW)
    for field in ("name", "gender", "birthday"):
        told = {getattr(member.profile, field) for member in (one, other)} - {None, ""}
        assert getattr(made.profile, field) in (told or {None, ""})
    birthdays = {one.profile.birthday, other.profile.birthday} - {None}
    assert (made.profile.birthday_frozen_until == NOW + timedelta(days=365)) is (len(birthdays) == 2)


def test_what_was_told_since_a_merge_stays_with_who_goes_on() -> None:
    card, other = (Identifier(CARD, value, True, "till", NOW) for value in "xy")
    pair = Together(person("a", identifiers=(card,)), person("b", identifiers=(other,), profile=Profile("王芳")))
    made, gone = domain.merging.merged(pair, NOW)
    merge = Merge("m", pair.kept, pair.absorbed, made, NOW, "root", {})
    email = Identifier(IdentifierType.EMAIL, "a@x.com", True, "app", NOW)
    now = replace(made, identifiers=(email, card), profile=replace(made.profile, gender=Gender.FEMALE))
    kept, absorbed = domain.merging.parted(merge, now, gone)
    assert {name.value for name in kept.identifiers} == {"a@x.com", "x"}
    assert kept.profile == Profile(gender=Gender.FEMALE)
    assert absorbed.identifiers == (), "a card that was given up since comes back to nobody"
    assert absorbed.profile == Profile("王芳")


def test_the_oldest_active_goes_on_or_the_oldest_where_none_is_active() -> None:
    old, new = person("z", age=9, status=MemberStatus.PROSPECT), person("a")
    assert domain.merging.together(old, new).kept is new
    blocked = replace(new, status=MemberStatus.BLOCKED)
    assert domain.merging.together(blocked, old).kept is old
    assert domain.merging.together(person("b"), person("a")).kept.id == "a"


def test_a_block_is_not_shaken_off_by_a_merge() -> None:
    card = Identifier(CARD, "x", True, "till", NOW)
    blocked = person("a", status=MemberStatus.BLOCKED, identifiers=(card,))
    assert domain.merging.link(person("b"), card, blocked) is Obstacle.BLOCKED_MEMBER


def test_a_member_has_one_verified_phone_and_may_be_told_others() -> None:
    phone = Identifier(PHONE, "1", True, "sms", NOW)
    member = person("a", identifiers=(phone,))
    another = replace(phone, value="2")
    assert domain.merging.link(member, another, None) is Obstacle.DIFFERENT_PHONES
    told = domain.merging.link(member, replace(another, is_verified=False), None)
    assert isinstance(told, Linked)
    assert len(told.member.identifiers) == 2


@pytest.mark.parametrize(("days", "can"), [(0, True), (29, True), (30, False)])
def test_a_merge_can_be_taken_back_for_thirty_days(days: int, can: bool) -> None:
    merge = Merge("m", person("a"), person("b"), person("a"), NOW, "root", {})
    assert domain.merging.is_reversible(merge, person("a"), NOW + timedelta(days=days)) is can
    assert not domain.merging.is_reversible(merge, person("a", merged_into="c"), NOW)
    assert not domain.merging.is_reversible(replace(merge, undone_at=NOW), person("a"), NOW)


@given(st.lists(people, min_size=2, max_size=5), st.data())
def test_many_made_one_are_as_before_when_each_merge_is_taken_back_the_last_first_MEM_4(
    some: list[Member], data: st.DataObject
) -> None:
    known = Book(replace(one, id=IDS[n], code=IDS[n]) for n, one in enumerate(some))
    before = dict(known.members)
    merges: list[Merge] = []
    while len(live := [id for id, one in known.members.items() if one.is_live]) > 1 and data.draw(st.booleans()):
        one, other = data.draw(st.permutations(live))[:2]
        pair = domain.merging.together(known.members[one], known.members[other])
        made, gone = domain.merging.merged(pair, NOW)
        known.members |= {made.id: made, gone.id: gone}
        merges.append(Merge("m", pair.kept, pair.absorbed, made, NOW, "root", {}))
    for merge in reversed(merges):
        both = domain.merging.parted(merge, known.members[merge.kept.id], known.members[merge.absorbed.id])
        known.members |= {one.id: one for one in both}
    assert {id: replace(one, version=1) for id, one in known.members.items()} == before
