"""Consistency tokens: when somebody looked at stock, and which version of each level was seen (LIV-6).

Only what this graph said itself is read back, so that nobody looks at versions or moments that were never shown.
"""

import binascii
import hmac
import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.geo import Coordinates, CoordinateSystem
from domain.stock import Key
from resolvers.errors import BadQuestion

_SEAL_BYTES = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seen:
    """Which versions of which levels somebody was told (0: there was none), when, as what, and from where."""

    at: datetime
    versions: Sequence[tuple[Key, int]]
    is_snapshot: bool
    position: int
    watch: str
    near: Coordinates | None


def encode(seen: Seen, *, log: str) -> str:
    """A token of what was seen, sealed with the name of the log, which no client ever hears."""
    near = [seen.near.latitude, seen.near.longitude, seen.near.system.value] if seen.near else None
    at_us = (seen.at - _EPOCH) // timedelta(microseconds=1)
    versions = [[*key, version] for key, version in seen.versions]
    said = [at_us, seen.is_snapshot, seen.position, seen.watch, near, versions]
    packed = zlib.compress(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())
    return urlsafe_b64encode(_seal(packed, log) + packed).decode().rstrip("=")


def decode(token: str, *, log: str) -> Seen:
    """Read a token back.

    Raises:
        BadQuestion: BAD_CONSISTENCY_TOKEN, it is not one of this graph's.
    """
    try:
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        sealed = b""
    seal, packed = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
    if not hmac.compare_digest(seal, _seal(packed, log)):
        raise BadQuestion("BAD_CONSISTENCY_TOKEN", "That is no token of this graph; take it from `consistencyToken`.")
    at_us, is_snapshot, position, watch, near, versions = json.loads(zlib.decompress(packed))
    return Seen(
        at=_EPOCH + timedelta(microseconds=at_us),
        versions=[((sku, location_id), version) for sku, location_id, version in versions],
        is_snapshot=is_snapshot,
        position=position,
        watch=watch,
        near=Coordinates(near[0], near[1], CoordinateSystem(near[2])) if near else None,
    )


def _seal(packed: bytes, log: str) -> bytes:
    return hmac.digest(log.encode(), packed, "sha256")[:_SEAL_BYTES]
