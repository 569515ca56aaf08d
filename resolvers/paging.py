"""Connections: pages as clients walk them, with opaque cursors and a bounded `first`."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.pages import Page, Position
from resolvers.errors import BadQuestion

MAX_FIRST = 250

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Edge(Generic[T]):
    """An item and where to go on after it."""

    node: T
    position: Position

    @property
    def cursor(self) -> str:
        """Where to go on after it, as clients hand it back."""
        return encode(self.position)


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Whether more follow, and the cursor to ask for them."""

    has_next_page: bool
    end: Position | None

    @property
    def end_cursor(self) -> str | None:
        """The cursor of the last item; None on an empty page."""
        return encode(self.end) if self.end is not None else None


@dataclass(frozen=True, slots=True)
class Connection(Generic[T]):
    """A page of a list."""

    edges: Sequence[Edge[T]]
    page_info: PageInfo

    @property
    def nodes(self) -> Sequence[T]:
        """The items alone."""
        return [edge.node for edge in self.edges]


def connection(page: Page[T]) -> Connection[T]:
    """Show a page to a client."""
    edges = [Edge(item, position) for item, position in page.items]
    return Connection(edges, PageInfo(page.has_next, edges[-1].position if edges else None))


def checked_first(first: int, *, most: int = MAX_FIRST) -> int:
    """Let a page size through.

    Raises:
        BadQuestion: PAGE_SIZE, it is not between 1 and `most`.
    """
    if not 1 <= first <= most:
        raise BadQuestion("PAGE_SIZE", f"first must be between 1 and {most}; it was {first}.")
    return first


def encode(position: Position) -> str:
    """Make a cursor."""
    return urlsafe_b64encode(json.dumps(position, ensure_ascii=False).encode()).decode().rstrip("=")


def decode(cursor: str | None, *, kinds: tuple[type, ...]) -> Position | None:
    """Read a cursor back; `kinds` are the types of its parts.

    Raises:
        BadQuestion: BAD_CURSOR, it is not one, or of another list.
    """
    if cursor is None:
        return None
    try:
        parts = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):  # the last: thousands of brackets
        parts = None
    if not isinstance(parts, list) or [type(part) for part in parts] != list(kinds) or not all(map(_is_ours, parts)):
        raise BadQuestion("BAD_CURSOR", f"{cursor!r} is not a cursor of this list; take it from an answer.")
    return tuple(parts)


def _is_ours(part: str | float) -> bool:
    """Whether we could have written this: what no database can compare, we did not."""
    if isinstance(part, str):
        return not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in part)
    return abs(part) <= 2**53  # false for what is no number
