"""People who are seen with names, one after another, by the same rule as in the store; and a plainer model of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import domain.merging
from domain.members import Identifier, IdentifierKey, IdentifierType, Member, MemberStatus
from domain.merging import Linked, Together
from tests.builders import LONG_AGO, NOW


@dataclass(frozen=True, slots=True)
class Seen:
    """A member was seen with a name."""

    member: str
    type: IdentifierType
    value: str
    minute: int = 0

    @property
    def name(self) -> Identifier:
        """The name, verified."""
        return Identifier(self.type, self.value, True, "till", NOW + timedelta(minutes=self.minute))


def person(id: str, *, age: int = 0, **said: Any) -> Member:
    """An active member; the higher the age, the older."""
    at = LONG_AGO - timedelta(days=age)
    return replace(Member(id, f"code-{id}", MemberStatus.ACTIVE, "STORE", at), **said)


class Book:
    """Members as the store keeps them, without a store."""

    def __init__(self, members: Iterable[Member]) -> None:
        self.members = {member.id: member for member in members}
        self.queued: list[Seen] = []

    def current(self, id: str) -> Member:
        """Who somebody is now."""
        member = self.members[id]
        return member if member.merged_into is None else self.current(member.merged_into)

    def see(self, seen: Seen) -> None:
        """Link a name to who was seen with it, and do what follows from that."""
        holders = [one for one in self.members.values() if seen.name.key in {name.key for name in one.identifiers}]
        assert len(holders) <= 1
        decided = domain.merging.link(self.current(seen.member), seen.name, holders[0] if holders else None)
        if isinstance(decided, Linked):
            self.members[decided.member.id] = decided.member
        elif isinstance(decided, Together):
            for member in domain.merging.merged(decided, NOW):
                self.members[member.id] = member
        else:
            self.queued.append(seen)

    def classes(self) -> set[frozenset[str]]:
        """Who is one person with whom."""
        return _grouped({id: self.current(id).id for id in self.members})


def components(members: Iterable[str], links: Sequence[Seen]) -> set[frozenset[str]]:
    """Connected components, by painting everything that touches in one colour until nothing changes."""
    colour: dict[str | IdentifierKey, str] = {id: id for id in members}
    for seen in links:
        colour.setdefault(seen.name.key, f"{seen.type} {seen.value}")
    changed = True
    while changed:
        changed = False
        for seen in links:
            both = {colour[seen.member], colour[seen.name.key]}
            if len(both) > 1:
                colour = {node: min(both) if old in both else old for node, old in colour.items()}
                changed = True
    return _grouped({id: colour[id] for id in members})


def first_come(members: Sequence[str], links: Sequence[Seen]) -> tuple[set[frozenset[str]], list[Seen]]:
    """In the order of links: one is left out if with it anybody would have two phones; the rest are components."""
    taken: list[Seen] = []
    left: list[Seen] = []
    for seen in links:
        tried = [*taken, seen]
        phones = [
            {link.value for link in tried if link.member in group and link.type is IdentifierType.PHONE}
            for group in components(members, tried)
        ]
        (left if any(len(some) > 1 for some in phones) else taken).append(seen)
    return components(members, taken), left


def _grouped(root_of: dict[str, str]) -> set[frozenset[str]]:
    return {frozenset(id for id, root in root_of.items() if root == one) for one in root_of.values()}
