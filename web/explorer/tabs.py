"""The tabs that the explorer opens with: operations that work against the demo's shop, and whose token each needs.

A `NEW` in the variables is a place for something fresh: the page puts one in when it opens.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FOLDER = Path(__file__).with_name("tabs")


@dataclass(frozen=True)
class Tab:
    """One operation: its file's name, and the kind of user who asks; None needs no token."""

    name: str
    role: str | None

    @cached_property
    def query(self) -> str:
        """The operation, with what it is for in its first lines."""
        return (FOLDER / f"{self.name}.graphql").read_text(encoding="utf-8")

    @cached_property
    def variables(self) -> str:
        """Its variables, as JSON."""
        return (FOLDER / f"{self.name}.json").read_text(encoding="utf-8")


TABS = (
    Tab("stores-near-me", None),
    Tab("watch-stock", None),
    Tab("sign-in", None),
    Tab("me", "member"),
    Tab("points-live", "member"),
    Tab("member-price", "member"),
    Tab("product-page", "member"),
    Tab("search", "member"),
    Tab("reserve-in-store", "member"),
    Tab("store-numbers", "associate"),
    Tab("watch-numbers", "associate"),
    Tab("scan", "associate"),
    Tab("store-tasks", "associate"),
    Tab("who-is-it", "associate"),
    Tab("clients", "associate"),
    Tab("count-stock", "integrator"),
    Tab("move-stock", "integrator"),
    Tab("earn-points", "integrator"),
    Tab("segments", "integrator"),
)
