"""Tables: CSV in the encodings met here, and xlsx, as rows of text that know their line.

A row that cannot be read is handed on with its problem; only a file of which nothing can be read is refused.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from datasources.files import spreadsheet
from datasources.ports.imports import Unreadable
from domain.imports import Problem

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",;\t|"
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written, where that cannot be seen from the file itself; None: find out."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_line: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its first line in the file, its cells by column, and why it cannot be read, if it cannot."""

    line: int
    cells: Mapping[str, str]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it, empty ones left out."""

    file: str
    columns: tuple[str, ...]
    rows: Sequence[Row]


_Record = tuple[int, list[str] | Problem]


def read(path: Path, layout: Layout | None = None) -> Table:
    """Read a CSV or xlsx file, whichever its content says it is.

    Raises:
        Unreadable: there is no such file, no known encoding, or no usable header.
    """
    layout = layout or Layout()
    content = contents(path)
    if spreadsheet.is_one(content):
        records = iter(spreadsheet.records(content, file=path.name, sheet=layout.sheet))
        return _table(path.name, records, layout, delimiter="")
    lines = list(io.StringIO(_decoded(content, path.name, layout.encoding), newline=""))
    header = "".join(lines[layout.header_line - 1 : layout.header_line])
    delimiter = layout.delimiter or max(DELIMITERS, key=header.count)
    return _table(path.name, _records(lines, delimiter, start=layout.header_line - 1), layout, delimiter)


def contents(path: Path) -> bytes:
    """Read a whole file.

    Raises:
        Unreadable: it is not there, is no file, or is empty.
    """
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise Unreadable(f"{path}: {failure.strerror or failure}") from failure
    if not content.strip():
        raise Unreadable(f"{path.name} is empty: was it written completely?")
    return content


def _decoded(content: bytes, file: str, encoding: str | None) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = encoding or "utf-16"
    elif content.count(b"\0") > len(content) // 100:
        raise Unreadable(f"{file} is no text: save it as CSV (UTF-8) or as xlsx")
    for name in (encoding,) if encoding else ENCODINGS:
        try:
            return content.decode(name)
        except UnicodeDecodeError as failure:
            line = content.count(b"\n", 0, failure.start) + 1
        except LookupError:
            raise Unreadable(f"{name!r} is no encoding: take utf-8 or gb18030") from None
    tried = encoding or " nor ".join(("UTF-8", "GB18030"))
    raise Unreadable(f"{file} is not {tried} (line {line}): save it as CSV UTF-8, or name its encoding in the mapping")


def _records(lines: Sequence[str], delimiter: str, *, start: int) -> Iterator[_Record]:
    """Records with the number of their first line; after a broken one, reading goes on at its second line.

    So a quote that is never closed costs its own line and not the rest of the file.
    """
    while start < len(lines):
        reader = csv.reader((lines[n] for n in range(start, len(lines))), delimiter=delimiter, strict=True)
        at = start
        try:
            for cells in reader:
                yield at + 1, cells
                at = start + reader.line_num
            return
        except csv.Error as failure:
            yield at + 1, _broken(str(failure))
            start = at + 1


def _broken(failure: str) -> Problem:
    if "NUL" in failure:
        return Problem("line", "NUL", "holds NUL characters: export the file again")
    if "unexpected end" in failure or "limit" in failure:
        return Problem("line", "UNCLOSED_QUOTE", 'a quote (") that opens here is never closed: double it, or close it')
    return Problem("line", "BAD_QUOTES", 'quotes (") do not match here: double those that belong to the text')


def _table(file: str, records: Iterator[_Record], layout: Layout, delimiter: str) -> Table:
    skipped = iter(record for record in records if record[0] >= layout.header_line)
    _, header = next(skipped, (0, Problem("line", "EMPTY", "there is no such line")))
    if isinstance(header, Problem):
        raise Unreadable(f"{file}: no header on line {layout.header_line}: {header.message}")
    columns = tuple(name.strip() for name in header)
    doubled = sorted({name for name in columns if name and columns.count(name) > 1})
    if doubled:
        raise Unreadable(f"{file}: column {doubled[0]!r} stands twice in the header: rename one")
    if not any(columns):
        raise Unreadable(f"{file}: line {layout.header_line} holds no column names: set header_line in the mapping")
    return Table(file, columns, [row for record in skipped if (row := _row(record, columns, delimiter))])


def _row(record: _Record, columns: Sequence[str], delimiter: str) -> Row | None:
    line, cells = record
    if isinstance(cells, Problem):
        return Row(line, {}, cells)
    if not any(cell.strip() for cell in cells):
        return None
    if any("\0" in cell for cell in cells):
        return Row(line, {}, _broken("NUL"))
    surplus = [cell for cell in cells[len(columns) :] if cell.strip()]
    if len(cells) < len(columns) or surplus:
        hint = f": is a {_NAMES.get(delimiter, repr(delimiter))} missing, or one too many without quotes?"
        message = f"has {len(cells)} cells, the header has {len(columns)}{hint if delimiter else ''}"
        return Row(line, {}, Problem("line", "RAGGED", message))
    return Row(line, dict(zip(columns, cells, strict=False)))
