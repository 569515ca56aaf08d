"""Refusals of tags."""

from dataclasses import dataclass

from domain.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class PathTooDeep(Refusal):
    """A path of more steps than are kept."""

    limit: int
    given: int


@dataclass(frozen=True, slots=True)
class ConfidenceOutOfRange(Refusal):
    """A confidence that is no share of 10,000."""

    confidence: int


@dataclass(frozen=True, slots=True)
class NotYourWord(Refusal):
    """A source that the viewer cannot speak for."""

    source: str
    allowed: tuple[str, ...]
