"""Tokens made by hand, as somebody would who has no right to one, with the house's own key where it must be."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

import web.tokens

GOOD: Mapping[str, Any] = {
    "iss": "commerce-graph",
    "aud": "commerce-graph",
    "sub": "member-1",
    "role": "member",
    "nbf": timedelta(minutes=-1),
    "iat": timedelta(minutes=-1),
    "exp": timedelta(hours=1),
}
"""What a token must say; times are told from when it is made."""


def own_key(directory: Path) -> OKPKey:
    """The key that the server signs with."""
    key = web.tokens.read_keys(directory / "keys.json").keys[0]
    assert isinstance(key, OKPKey)
    return key


def signed(key: OKPKey, claims: Mapping[str, Any] = GOOD, **header: Any) -> str:
    """A token signed with a key, whatever it says."""
    told = _part({"alg": "Ed25519", "typ": "JWT", "kid": key.kid, **header}) + "." + _part(claims)
    private = key.private_key
    assert isinstance(private, Ed25519PrivateKey)
    return f"{told}.{_text(private.sign(told.encode()))}"


def unsigned(alg: str = "none", claims: Mapping[str, Any] = GOOD, **header: Any) -> str:
    """A token that says it needs no signature."""
    return f"{_part({'alg': alg, **header})}.{_part(claims)}."


def signed_with_public_key(key: OKPKey, claims: Mapping[str, Any] = GOOD) -> str:
    """A token whose secret is what everybody may know: the public key, taken for one of HS256."""
    told = _part({"alg": "HS256", "typ": "JWT", "kid": key.kid}) + "." + _part(claims)
    public = json.dumps(key.as_dict(private=False)).encode()
    return f"{told}.{_text(hmac.new(public, told.encode(), hashlib.sha256).digest())}"


def without(*names: str, **other: Any) -> dict[str, Any]:
    """Good claims, but for these."""
    return {name: claim for name, claim in GOOD.items() if name not in names} | other


def _part(value: Any) -> str:
    return _text(json.dumps(value, default=_from_now).encode())


def _from_now(ahead: timedelta) -> int:
    return int((datetime.now(UTC) + ahead).timestamp())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
