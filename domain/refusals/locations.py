"""Refusals of places that are not there, cannot do it, or are not the viewer's."""

from dataclasses import dataclass

from domain.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class UnknownLocation(Refusal):
    """No location has this id or code."""

    location: str


@dataclass(frozen=True, slots=True)
class LocationCannot(Refusal):
    """A location that is closed, or lacks a capability."""

    location: str
    capability: str


@dataclass(frozen=True, slots=True)
class NotYourLocation(Refusal):
    """An associate acts for another store than their own."""

    location: str


@dataclass(frozen=True, slots=True)
class SameLocation(Refusal):
    """A transfer from a location to itself."""

    location: str
