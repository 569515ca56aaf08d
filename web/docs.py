"""The docs: the project's own Markdown, as pages from our own port, with links that work between them."""

from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

ROOT = Path(__file__).parent.parent
FOLDERS = ("docs", "bench", "execution")
KINDS = frozenset({".md", ".svg", ".toml", ".csv"})
AT_THE_TOP = frozenset({".env.example", "LICENSE"})
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body {{ font: 16px/1.6 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2733 }}
pre, code {{ background: #f3f5f7; border-radius: 4px; font-size: .9em }} pre {{ padding: .8rem; overflow-x: auto }}
table {{ border-collapse: collapse }} td, th {{ border: 1px solid #d5dbe1; padding: .3rem .6rem; text-align: left }}
img {{ max-width: 100% }}</style><body>{body}</body></html>"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def routes() -> list[BaseRoute]:
    """The pages: the README first, the others where their links lead."""
    return [Route("/", lambda request: RedirectResponse("/docs/README.md")), Route("/{path:path}", _page)]


async def _page(request: Request) -> Response:
    file = ROOT / request.path_params["path"]
    if not _is_documentation(file):
        raise HTTPException(404)
    if file.suffix != ".md" and file.is_file():
        return FileResponse(file, media_type="image/svg+xml" if file.suffix == ".svg" else "text/plain")
    body = _markdown.render(file.read_text(encoding="utf-8") if file.is_file() else _listing(file))
    html = PAGE.format(title=escape(file.name), body=body)
    return HTMLResponse(html, headers={"Content-Security-Policy": POLICY})


def _listing(folder: Path) -> str:
    pages = sorted(page.relative_to(ROOT) for page in folder.iterdir() if page.suffix in KINDS)
    return "\n".join(f"- [{page.name}](/docs/{page})" for page in pages)


def _is_documentation(file: Path) -> bool:
    """Markdown of the top and what stands in the folders of documentation; nothing else of the project is shown."""
    try:
        inside = file.resolve()
        if not inside.is_relative_to(ROOT) or not inside.exists():
            return False
    except (OSError, ValueError):  # no name of a file: too long, or with NUL in it
        return False
    match inside.relative_to(ROOT).parts:
        case (name,):
            return name in {*AT_THE_TOP, *FOLDERS} or inside.suffix == ".md"
        case (folder, *_):
            return folder in FOLDERS and (inside.is_dir() or inside.suffix in KINDS)
    return False
