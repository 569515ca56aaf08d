"""Reports: what a benchmark found, as a table for people and one line of JSON for machines."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Report:
    """What one benchmark found. A figure that could not be had is absent, and a remark says why."""

    bench: str
    figures: Mapping[str, float]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    remarks: Sequence[str] = ()


def show(report: Report) -> None:
    """Print a report; the last line is the JSON object."""
    for row in (report.columns, *report.rows):
        print("  ".join(cell.rjust(width) for cell, width in zip(row, _widths(report), strict=True)))
    for remark in report.remarks:
        print(remark)
    figures = {key: round(figure, 3) for key, figure in report.figures.items()}
    print(json.dumps({"bench": report.bench, "figures": figures, "machine": machine()}, ensure_ascii=False))


def machine() -> str:
    """Say what this ran on, in a few words."""
    return f"{os.cpu_count()} × {_processor()}, {platform.system()}, Python {platform.python_version()}"


def _widths(report: Report) -> list[int]:
    return [max(map(len, column)) for column in zip(report.columns, *report.rows, strict=True)]


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()
