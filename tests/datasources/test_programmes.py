"""A merchant's own programmes are read from a file; what is none is refused with what is wrong with it."""

import json
from pathlib import Path
from typing import Any

import pytest

from datasources.files import programmes
from domain.programmes import Programme, credit

POINTS: dict[str, Any] = {
    "code": "points",
    "unit": "积分",
    "earn": 2,
    "per": "1.00",
    "worth_of_100": "0.50",
    "default": True,
}
STARS: dict[str, Any] = {"code": "stars", "unit": "星", "earn": 1, "per": "30.00", "expiry_days": None, "debt_limit": 9}


def written(tmp_path: Path, told: Any) -> Path:
    file = tmp_path / "programmes.json"
    file.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return file


def test_programmes_are_read_as_they_are_written_and_store_credit_is_beside_them(tmp_path: Path) -> None:
    assert programmes.read(written(tmp_path, [POINTS, STARS]), "CNY") == (
        Programme("points", "积分", "CNY", earn_points=2, fen_per_100=50, is_default=True),
        Programme("stars", "星", "CNY", earn_per_minor=3_000, fen_per_100=0, expiry_days=None, debt_limit=9),
        credit("CNY"),
    )


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ("{", "Expecting"),
        ([{"code": "points"}], "unit is missing"),
        ([STARS], "exactly one"),
        ([POINTS, POINTS | {"default": False}], "one code"),
        ([POINTS | {"per": "0"}], "per is above 0"),
        ([POINTS | {"per": "a lot"}], "not an amount"),
        ([POINTS | {"earn": -1}], "0 or more"),
        ([POINTS | {"max_share": 10_001}], "between 0 and"),
        ([POINTS | {"expiry_days": 0}], "1 or more"),
    ],
)
def test_what_is_no_programme_is_refused_with_the_reason(tmp_path: Path, told: Any, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        programmes.read(written(tmp_path, told), "CNY")


def test_programmes_that_are_not_there_are_asked_for_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"programmes\.json does not exist"):
        programmes.read(tmp_path / "programmes.json", "CNY")
