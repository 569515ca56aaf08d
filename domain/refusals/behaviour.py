"""Refusals of what members did, and of what they wish for."""

from dataclasses import dataclass

from domain.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class ProfilingNotGranted(Refusal):
    """The member does not let us keep what they do (MEM-7)."""


@dataclass(frozen=True, slots=True)
class UnknownProduct(Refusal):
    """No product has this id or code."""

    product: str


@dataclass(frozen=True, slots=True)
class WishlistFull(Refusal):
    """A wish list that holds as many wishes as it can."""

    limit: int
