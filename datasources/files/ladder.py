"""A merchant's ladder of tiers, written as one JSON file: what it does not say is as in the ladder of the house."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import domain.money
from domain.tiers import LADDER, Entitlement, EntitlementKind, Ladder, Tier

PLAIN_BP = 10_000


def read(file: Path, currency: str) -> Ladder:
    """Read a ladder; thresholds are amounts such as "2000.00", multipliers are ten-thousandths.

    Raises:
        ValueError: there is no such file, or what it says is no ladder.
    """
    try:
        return _ladder(json.loads(file.read_text(encoding="utf-8")), currency)
    except FileNotFoundError:
        raise ValueError(f"{file} does not exist") from None
    except KeyError as missing:
        raise ValueError(f"{file} holds no ladder: {missing.args[0]} is missing or unknown") from None
    except (TypeError, AttributeError, ValueError) as wrong:
        raise ValueError(f"{file} holds no ladder: {wrong}") from None


def _ladder(told: Mapping[str, Any], currency: str) -> Ladder:
    days = {name: told.get(f"{name}_days", getattr(LADDER, name).days) for name in ("window", "term", "grace")}
    return Ladder(
        version=told["version"],
        tiers=tuple(_tier(one, currency) for one in told["tiers"]),
        imported=dict(told.get("imported", {})),
        **{name: timedelta(days=count) for name, count in days.items()},
    )


def _tier(told: Mapping[str, Any], currency: str) -> Tier:
    return Tier(
        code=told["code"],
        name=told["name"],
        threshold_minor=domain.money.parse(told["threshold"], currency).amount_minor,
        multiplier_bp=int(told.get("multiplier", PLAIN_BP)),
        entitlements=tuple(
            Entitlement(**one | {"kind": EntitlementKind[one["kind"]]}) for one in told.get("entitlements", ())
        ),
    )
