"""Spreadsheets: the cells of one sheet of an xlsx, xls, xlsb or ods file, as text."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import python_calamine

from datasources.ports.imports import Unreadable

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def is_one(content: bytes) -> bool:
    """Say whether a file's first bytes are those of a spreadsheet."""
    return content.startswith((_ZIP, _OLE))


def records(content: bytes, *, file: str, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """Rows of the sheet (None: the first) with their numbers, all of the header's width.

    Raises:
        Unreadable: the file is broken or holds no such sheet.
    """
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = workbook.sheet_names
        if sheet is not None and sheet not in names:
            raise Unreadable(f"{file} has no sheet {sheet!r}, but: {', '.join(names)}")
        found = workbook.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError) as failure:
        raise Unreadable(f"{file} is a broken spreadsheet ({failure}): open it and save it again as xlsx") from failure
    return ((number, [text(cell) for cell in row]) for number, row in enumerate(found, start=1))


def text(cell: float | str | bool | time | date | datetime | timedelta) -> str:
    """Write a cell as a person would type it: 6901234567892, not 6901234567892.0."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case datetime():
            return cell.isoformat(sep=" ")
    return str(cell)
