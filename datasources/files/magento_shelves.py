"""Magento's categories: a tree by names, and the paths that products file themselves under.

A path that `categories.csv` does not know is derived from the product that names it, with a warning.
"""

from collections.abc import Iterator, Mapping

from datasources.files import plain_text
from datasources.files.reading import listed, slug
from datasources.files.tabular import Table
from domain.catalog import Category
from domain.imports import Line, NamedCategory, Problem

Path = tuple[str, ...]
ROOT = "Default Category"


class Shelves:
    """All categories met so far, by their path of names."""

    def __init__(self) -> None:
        self._ids: dict[Path, str] = {}

    def lines(self, table: Table) -> Iterator[Line]:
        """Read `categories.csv`: name, url_key, path of the parent, position."""
        for order, row in enumerate(table.rows):
            category = row.problem or self._category(row.cells, order)
            if isinstance(category, Problem):
                yield Line(row.line, (), (category,), file=table.file)
            else:
                yield Line(row.line, (category,), file=table.file)

    def filed(self, paths: list[Path]) -> tuple[list[str], list[NamedCategory], list[Problem]]:
        """Turn paths into category ids, with the categories that had to be derived and a warning about them."""
        prefixes = dict.fromkeys(path[:depth] for path in paths for depth in range(1, len(path) + 1))
        derived = [self._derive(path) for path in prefixes if path not in self._ids]
        ids = list(dict.fromkeys(self._ids[path] for path in paths))
        if not derived:
            return ids, [], []
        message = f"not in categories.csv, made from this product: {listed([named.category.name for named in derived])}"
        return ids, derived, [Problem("categories", "CATEGORY_DERIVED", message)]

    def paths(self, names: list[str]) -> list[Path]:
        """Cut a flat list of names (Gear, Bags, Collections, Yoga) at each root, which makes a path of every name."""
        roots = {path[0] for path in self._ids if len(path) == 1} | set(names[:1])
        found: list[Path] = []
        root: Path = ()
        for name in names:
            if name in roots:
                root = (name,)
            found.append(root if name in roots else (*root, name))
        return list(dict.fromkeys(found))

    def _category(self, cells: Mapping[str, str], order: int) -> Category | Problem:
        name = plain_text.of_title(cells["name"])
        above = path_of(cells.get("path", ""))
        if not name:
            return Problem("name", "EMPTY", "is empty: give the category a name")
        if above and above not in self._ids:
            return Problem("path", "UNKNOWN_CATEGORY", f"{'/'.join(above)} stands on no line above: put it there")
        position = cells.get("position", "").strip() or str(order)
        if not position.isdecimal() or len(position) > 6:
            return Problem("position", "BAD_NUMBER", f"{position!r} is not a position: 0 to 999999")
        id = slug(cells.get("url_key", "")) or slug("-".join((*above, name)))
        self._ids[(*above, name)] = id
        return Category(id, id, name, self._ids[above] if above else None, int(position))

    def _derive(self, path: Path) -> NamedCategory:
        id = slug("-".join(path))
        self._ids[path] = id
        return NamedCategory(Category(id, id, path[-1], self._ids.get(path[:-1]), len(self._ids)))


def path_of(text: str) -> Path:
    """Read `Default Category/Men/Tops` as (Men, Tops)."""
    names = tuple(name for part in text.split("/") if (name := plain_text.of_title(part)))
    return names[1:] if names[:1] == (ROOT,) else names
