"""A merchant's own ladder is read from a file; what is no ladder is refused with what is wrong with it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from datasources.files import ladder
from domain.tiers import Entitlement, EntitlementKind, Ladder, Tier

GIFT: dict[str, Any] = {"code": "gift", "name": "礼", "kind": "GIFT", "uses": 1, "days": 30}
TIERS: list[dict[str, Any]] = [
    {"code": "a", "name": "甲", "threshold": "0"},
    {"code": "b", "name": "乙", "threshold": "1999.50", "multiplier": 12_000, "entitlements": [GIFT]},
]
TOLD: dict[str, Any] = {"version": "2026", "grace_days": 10, "imported": {"VIP": "b"}, "tiers": TIERS}


def written(tmp_path: Path, told: Any) -> Path:
    file = tmp_path / "tiers.json"
    file.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return file


def test_a_ladder_is_read_as_it_is_written(tmp_path: Path) -> None:
    gift = Entitlement("gift", "礼", EntitlementKind.GIFT, 1, 30)
    assert ladder.read(written(tmp_path, TOLD), "CNY") == Ladder(
        version="2026",
        tiers=(Tier("a", "甲", 0), Tier("b", "乙", 199_950, 12_000, (gift,))),
        grace=timedelta(days=10),
        imported={"VIP": "b"},
    )


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ("{", "Expecting"),
        ([], "list"),
        ({"version": "1"}, "tiers"),
        (TOLD | {"tiers": TIERS[1:]}, "begin at 0"),
        (TOLD | {"tiers": [TIERS[0] | {"threshold": "much"}]}, "not an amount"),
        (TOLD | {"tiers": [TIERS[0] | {"entitlements": [GIFT | {"kind": "CASTLE"}]}]}, "CASTLE"),
    ],
)
def test_what_is_no_ladder_is_refused_with_the_reason(tmp_path: Path, told: Any, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        ladder.read(written(tmp_path, told), "CNY")


def test_a_ladder_that_is_not_there_is_asked_for_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"tiers\.json does not exist"):
        ladder.read(tmp_path / "tiers.json", "CNY")
