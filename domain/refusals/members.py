"""Refusals of what concerns members."""

from dataclasses import dataclass

from domain.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class UnknownMember(Refusal):
    """There is no such member, or none that the viewer may see."""

    member: str
