"""Tokens: JSON Web Tokens, verified against a key set, made into viewers; and issued, where we hold the private key."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet, OKPKey

import domain.viewers
from domain.viewers import Role, Scope, Viewer
from resolvers.errors import Unauthenticated

ALGORITHM = "Ed25519"
LEEWAY_S = 30
"""How far the clocks of who issues tokens and of ours may differ."""


class Tokens:
    """Verifies and issues tokens of one issuer for one audience."""

    def __init__(self, keys: KeySet, *, issuer: str, audience: str, clock: Callable[[], datetime]) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._clock = clock

    def viewer(self, authorization: str | None) -> Viewer:
        """Who stands behind an `Authorization` header; nobody's header is a guest's.

        Raises:
            Unauthenticated: TOKEN_INVALID, it is not a bearer token, or not one of ours; TOKEN_EXPIRED.
        """
        if authorization is None:
            return domain.viewers.GUEST
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("TOKEN_INVALID", "Send the token as `Authorization: Bearer <token>`.")
        try:
            return _viewer(self._claims(token.strip()))
        except ExpiredTokenError:
            raise Unauthenticated("TOKEN_EXPIRED", "The token has expired; sign in again.") from None
        except _UNREADABLE as error:
            raise Unauthenticated("TOKEN_INVALID", f"The token cannot be accepted: {error}") from None

    def issue(self, *, subject: str, role: Role, lifetime: timedelta, **facts: str | None) -> str:
        """Make a token that lasts `lifetime`, with facts such as `tier`, `location` and `sid`, its session."""
        now = int(self._clock().timestamp())
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": subject,
            "nbf": now,
            "iat": now,
            "exp": now + int(lifetime.total_seconds()),
            "role": role.value,
            **{name: fact for name, fact in facts.items() if fact is not None},
        }
        key = self._keys.keys[0]
        return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])

    def _claims(self, token: str) -> dict[str, Any]:
        rules = jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            sub={"essential": True},
            exp={"essential": True},
            nbf={"essential": True},
            role={"essential": True, "values": [role.value for role in Role]},
        )
        token_read = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
        if refused := _UNWANTED & token_read.header.keys():  # what they demand, we do not do; and none is needed
            raise ValueError(f"its header holds {', '.join(sorted(refused))}")
        rules.validate(token_read.claims)
        return token_read.claims


def read_keys(file: Path) -> KeySet:
    """Read a JSON Web Key Set.

    Raises:
        ValueError: there is no such file, or it holds no key set.
    """
    try:
        return KeySet.import_key_set(json.loads(file.read_text()))
    except FileNotFoundError:
        raise ValueError(f"{file} does not exist; `server.py keys` makes one with a new key") from None
    except (json.JSONDecodeError, JoseError, KeyError, TypeError) as error:
        raise ValueError(f"{file} holds no JSON Web Key Set: {error}") from None


def make_keys(file: Path) -> None:
    """Make a key set with one new private key, for its owner's eyes only, unless the file is there."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(KeySet([key]).as_dict(private=True), indent=1) + "\n")


def _viewer(claims: dict[str, Any]) -> Viewer:
    """Who is claimed to ask.

    Raises:
        ValueError, TypeError, OverflowError, OSError: a claim is of another kind than it should be.
    """
    claimed = _text(claims, "scope")
    scopes = None if claimed is None else frozenset(Scope(s) for s in claimed.split() if s in _SCOPES)
    return domain.viewers.viewer(
        subject=str(claims["sub"]),
        role=Role(claims["role"]),
        scopes=scopes,
        member_tier=_text(claims, "tier"),
        location_id=_text(claims, "location"),
        session_id=_text(claims, "sid"),
        expires_at=datetime.fromtimestamp(int(claims["exp"]) + LEEWAY_S, UTC),
    )


def _text(claims: dict[str, Any], name: str) -> str | None:
    claimed = claims.get(name)
    if claimed is not None and not isinstance(claimed, str):
        raise TypeError(f"its claim {name} is no text")
    return claimed


_SCOPES = {scope.value for scope in Scope}
_UNWANTED = frozenset({"crit", "b64"})
_UNREADABLE = (JoseError, ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)
"""What reading a text that anybody may have made can raise, here and in the library; none of it is our mistake."""
