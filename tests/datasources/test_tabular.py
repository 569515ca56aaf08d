"""Tables as people really save them: every encoding, every break, and each bad row costs only itself."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.files import spreadsheet, tabular
from datasources.files.tabular import Layout, Table
from datasources.ports.imports import Unreadable

TEXT = "货号,数量\nA-1,3\nB-2,0\n"


def table(tmp_path: Path, content: bytes | str, layout: Layout | None = None, name: str = "stock.csv") -> Table:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return tabular.read(path, layout)


def found(read: Table) -> list[tuple[int, str]]:
    """Lines with the code of their problem, or their cells."""
    return [(row.line, row.problem.code if row.problem else "/".join(row.cells.values())) for row in read.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_table_reads_the_same_in_every_encoding_and_with_every_line_end(
    tmp_path: Path, encoding: str, newline: str
) -> None:
    read = table(tmp_path, TEXT.replace("\n", newline).encode(encoding))
    assert read.columns == ("货号", "数量")
    assert found(read) == [(2, "A-1/3"), (3, "B-2/0")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_seen_from_the_header(tmp_path: Path, delimiter: str) -> None:
    assert found(table(tmp_path, TEXT.replace(",", delimiter))) == [(2, "A-1/3"), (3, "B-2/0")]


def test_a_quote_that_is_never_closed_costs_its_own_line(tmp_path: Path) -> None:
    assert found(table(tmp_path, 'a,b\n1,"x\n2,y\n3,z\n')) == [(2, "UNCLOSED_QUOTE"), (3, "2/y"), (4, "3/z")]
    assert found(table(tmp_path, 'a,b\n1,"x\n2,"y"\n3,z\n')) == [(2, "BAD_QUOTES"), (3, "2/y"), (4, "3/z")]


def test_lines_are_numbered_as_an_editor_shows_them_also_after_a_cell_of_several_lines(tmp_path: Path) -> None:
    assert found(table(tmp_path, 'a,b\n1,"x\ny\nz"\n2,y\n')) == [(2, "1/x\ny\nz"), (5, "2/y")]


def test_ragged_rows_are_named_and_empty_ones_and_empty_columns_are_passed_over(tmp_path: Path) -> None:
    read = table(tmp_path, "a,b,\n1\n1,2,3,4\n\n , ,\n1,2,,,\n1,2,\n")
    assert found(read) == [(2, "RAGGED"), (3, "RAGGED"), (6, "1/2/"), (7, "1/2/")]


def test_a_row_with_nul_characters_is_named(tmp_path: Path) -> None:
    many = "".join(f"{n},x\n" for n in range(100))
    assert found(table(tmp_path, f"a,b\n1,\0\n{many}"))[0] == (2, "NUL")


def test_a_header_may_stand_further_down(tmp_path: Path) -> None:
    assert found(table(tmp_path, f"库存报表\n\n{TEXT}", Layout(header_line=3))) == [(4, "A-1/3"), (5, "B-2/0")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"\0" * 500 + b"a,b\n", "is no text"),
        (b"a,b\n1,\xff\xff\xff\n", "is not UTF-8 nor GB18030 (line 2)"),
        (b"a,a\n1,2\n", "column 'a' stands twice"),
        (b",,\n1,2,3\n", "holds no column names"),
        (b'"a,b\n1,2\n', "no header on line 1"),
        (b"PK\x03\x04 and then nothing", "is a broken spreadsheet"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_says_what_is_wrong(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(Unreadable) as refused:
        table(tmp_path, content)
    assert says in str(refused.value)


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="No such file"):
        tabular.read(tmp_path / "nothing.csv")
    with pytest.raises(Unreadable, match="header on line 9"):
        table(tmp_path, TEXT, Layout(header_line=9))
    with pytest.raises(Unreadable, match="no encoding"):
        table(tmp_path, TEXT, Layout(encoding="klingon"))


@given(content=st.binary(max_size=300))
def test_whatever_bytes_come_they_are_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    try:
        read = tabular.read(path)
    except Unreadable:
        return
    assert all(row.problem or row.cells.keys() == set(read.columns) for row in read.rows)


def sheet(rows: list[list[str]]) -> bytes:
    """A small xlsx with these cells, each as XML of our own."""
    cells = "".join(f'<row r="{n}">{"".join(row)}</row>' for n, row in enumerate(rows, start=1))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{types}">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="库存" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def words(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def number(value: str) -> str:
    return f"<c><v>{value}</v></c>"


def test_a_spreadsheet_reads_like_a_csv_with_its_numbers_as_typed(tmp_path: Path) -> None:
    content = sheet(
        [[words("货号"), words("数量")], [number("6901234567892"), number("3")], [], [words("B"), number("2.5")]]
    )
    read = table(tmp_path, content, name="stock.csv")  # the content says what it is, not the name
    assert found(read) == [(2, "6901234567892/3"), (4, "B/2.5")]
    assert read.columns == ("货号", "数量")
    with pytest.raises(Unreadable, match="no sheet 'x', but: 库存"):
        table(tmp_path, content, Layout(sheet="x"))


TYPED = datetime(2026, 11, 21, 9, 30)  # noqa: DTZ001 - a spreadsheet knows no zones


def test_cells_are_written_as_a_person_would_type_them() -> None:
    assert [spreadsheet.text(cell) for cell in (3.0, 0.5, True, "x", TYPED)] == [
        "3",
        "0.5",
        "true",
        "x",
        "2026-11-21 09:30:00",
    ]
