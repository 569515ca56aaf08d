"""A merchant's own programmes of points, written as one JSON file: a list, of which one may be the usual one.

Store credit of the shop's currency is always there beside them, and is not written.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import domain.money
import domain.programmes
from domain.programmes import BASIS, Programme

_USUAL = Programme("", "", "")


def read(file: Path, currency: str) -> tuple[Programme, ...]:
    """Read programmes; amounts are such as "1.00", shares are ten-thousandths.

    Raises:
        ValueError: there is no such file, or what it says is no list of programmes.
    """
    try:
        found = [_programme(one, currency) for one in json.loads(file.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        raise ValueError(f"{file} does not exist") from None
    except KeyError as missing:
        raise ValueError(f"{file} holds no programmes: {missing.args[0]} is missing") from None
    except (TypeError, AttributeError, ValueError) as wrong:
        raise ValueError(f"{file} holds no programmes: {wrong}") from None
    if sum(one.is_default for one in found) != 1:
        raise ValueError(f"{file}: exactly one programme must be the default")
    if len({one.code for one in found}) < len(found):
        raise ValueError(f"{file}: two programmes have one code")
    return (*found, domain.programmes.credit(currency))


def _programme(told: Mapping[str, Any], currency: str) -> Programme:
    rules = Programme(
        code=told["code"],
        unit=told["unit"],
        currency=currency,
        earn_points=int(told["earn"]),
        earn_per_minor=domain.money.parse(told["per"], currency).amount_minor,
        fen_per_100=domain.money.parse(told.get("worth_of_100", "0"), currency).amount_minor,
        max_share_bp=int(told.get("max_share", BASIS)),
        expiry_days=told.get("expiry_days", _USUAL.expiry_days),
        debt_limit=int(told.get("debt_limit", _USUAL.debt_limit)),
        is_default=bool(told.get("default", False)),
    )
    if rules.earn_points < 0 or rules.earn_per_minor < 1 or rules.fen_per_100 < 0 or rules.debt_limit < 0:
        raise ValueError(f"{rules.code}: earn, worth_of_100 and debt_limit are 0 or more, per is above 0")
    if not 0 <= rules.max_share_bp <= BASIS:
        raise ValueError(f"{rules.code}: max_share is between 0 and {BASIS}")
    if rules.expiry_days is not None and rules.expiry_days < 1:
        raise ValueError(f"{rules.code}: expiry_days is 1 or more, or null for points that do not expire")
    return rules
