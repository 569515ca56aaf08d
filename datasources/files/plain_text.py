"""Plain text: what a reader sees of somebody's HTML. Markup, scripts and styles never get through."""

import html.parser
import re

_BREAKS = frozenset({"br", "p", "div", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = frozenset({"script", "style", "template", "head"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def of_html(text: str) -> str:
    """Keep the words, one line per paragraph and list item; list items begin with a bullet."""
    parser = _Words()
    parser.feed(text)
    parser.close()
    lines = (squeezed(line) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line not in ("", "•"))


def of_title(text: str) -> str:
    """A single line without markup: entities read, spaces squeezed."""
    return squeezed(of_html(text))


def squeezed(text: str) -> str:
    """One line, single spaces, nothing a database or a terminal would choke on."""
    return " ".join(_CONTROL.sub("", text).split())


class _Words(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "li":
            self.parts.append("\n• ")
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BREAKS or tag == "li":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data.replace("\n", " "))
