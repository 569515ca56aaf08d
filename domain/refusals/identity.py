"""Refusals of what concerns who somebody is: their names, their merges, their consents."""

from dataclasses import dataclass
from datetime import datetime

from domain.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class BadIdentifier(Refusal):
    """A value that no identifier of this type can have."""

    type: str


@dataclass(frozen=True, slots=True)
class CannotVerify(Refusal):
    """An identifier that whoever asks cannot vouch for."""

    type: str


@dataclass(frozen=True, slots=True)
class IdentifierTaken(Refusal):
    """An identifier that is another member's, verified, and that does not make two members one."""

    type: str


@dataclass(frozen=True, slots=True)
class OtherPhone(Refusal):
    """A verified phone for a member who has another one."""


@dataclass(frozen=True, slots=True)
class KeptApart(Refusal):
    """An identifier of a member with whom this one was kept apart by a person."""

    type: str


@dataclass(frozen=True, slots=True)
class UnknownIdentifier(Refusal):
    """An identifier that the member does not have."""

    type: str


@dataclass(frozen=True, slots=True)
class SameMember(Refusal):
    """Two members to be merged who are one already."""

    member: str


@dataclass(frozen=True, slots=True)
class UnknownMerge(Refusal):
    """There is no such merge."""

    merge: str


@dataclass(frozen=True, slots=True)
class MergeFinal(Refusal):
    """A merge that cannot be taken back any more, or was already."""

    reversible_until: datetime


@dataclass(frozen=True, slots=True)
class UnknownMergeCase(Refusal):
    """There is no such case."""

    case: str


@dataclass(frozen=True, slots=True)
class CaseDecided(Refusal):
    """A case that somebody has decided."""

    decision: str


@dataclass(frozen=True, slots=True)
class CaseObsolete(Refusal):
    """A case whose members are not both there any more."""
