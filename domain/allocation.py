"""Allocation: a whole number shared out by weights, or among the units of a line, and no part is lost (§0.1, §0.2).

One rounding for discounts, points, refunds and commission. Refuses weights and totals below zero, and a total with
nothing to share it by.
"""

from collections.abc import Mapping


def allocate(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share a total out by the largest remainder: what floors leave goes one unit each to the largest fractions.

    Ties go to the larger weight, then to the smaller key; the order of the mapping does not matter (ALC-4).

    Raises:
        ValueError: a total or weight is below zero, or there is something to share and every weight is 0.
    """
    whole = sum(weights.values())
    if total < 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("totals and weights are not negative")
    if whole == 0:
        if total:
            raise ValueError(f"nothing to share {total} by: every weight is 0")
        return dict.fromkeys(weights, 0)
    shares = {key: total * weight // whole for key, weight in weights.items()}
    left = total - sum(shares.values())
    by_fraction = sorted(weights, key=lambda key: (-(total * weights[key] % whole), -weights[key], key))
    for key in by_fraction[:left]:
        shares[key] += 1
    return shares


def unit_share(amount: int, units: int, *, taken: int, more: int) -> int:
    """What `more` units of a line carry of its amount after `taken` were cut off: all cuts together carry all of it.

    Raises:
        ValueError: more units than the line has.
    """
    if not 0 <= taken <= taken + more <= units:
        raise ValueError(f"{more} units after {taken} of {units}")
    return amount * (taken + more) // units - amount * taken // units if units else 0
