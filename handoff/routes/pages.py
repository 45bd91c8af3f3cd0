"""Pages and their files. Everything is static but the front page and the documents."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from string import Template

from markdown_it import MarkdownIt
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from handoff.routes.bundle import bundle

WEB = Path(__file__).resolve().parent.parent / "web"
DOCS = Path(__file__).resolve().parents[2] / "docs"

FIRST_DOCUMENT = "tour"
_SHELVES = (("Documents", DOCS), ("How to", DOCS / "howto"), ("Decisions", DOCS / "decisions"))
_DOCUMENT = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")


class PageRoutes:
    """`sites` are the demo websites by name."""

    def __init__(self, sites: Mapping[str, str]) -> None:
        self._sites = sites
        self._launcher = bundle(WEB / "widget" / "widget.js")
        self._panel = bundle(WEB / "widget" / "panel.js")
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable("table")

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.home),
            Route("/widget.js", self.widget),
            Route("/widget/panel.js", self.panel),
            Route("/desk", self.desk),
            Route("/docs", self.docs),
            Route("/docs/{name:path}", self.docs),
            Route("/favicon.ico", self.icon),
            *(
                Mount(f"/{folder}", StaticFiles(directory=WEB / folder, check_dir=False))
                for folder in ("desk", "home", "shared", "vendor", "widget")
            ),
        ]

    async def home(self, request: Request) -> Response:
        page = Template((WEB / "home" / "index.html").read_text("utf-8"))
        sites = [
            f'<option value="{html.escape(url)}">{html.escape(name)}</option>'
            for name, url in self._sites.items()
        ]
        first = next(iter(self._sites.values()), "")
        return HTMLResponse(
            page.safe_substitute(sites="\n".join(sites), first_site=html.escape(first))
        )

    async def widget(self, request: Request) -> Response:
        return self._launcher.response(request)

    async def panel(self, request: Request) -> Response:
        return self._panel.response(request)

    async def desk(self, request: Request) -> Response:
        return FileResponse(WEB / "desk" / "index.html", media_type="text/html")

    async def icon(self, request: Request) -> Response:
        return RedirectResponse("/home/icon.svg", 308)

    async def docs(self, request: Request) -> Response:
        """The documents of `docs/`, as pages."""
        if "name" not in request.path_params:  # relative links need the document's own address
            return RedirectResponse(f"/docs/{FIRST_DOCUMENT}", 307)
        name = request.path_params["name"].removesuffix(".md")
        path = DOCS / f"{name}.md"
        if not _DOCUMENT.fullmatch(name) or not path.is_file():
            return HTMLResponse("<h1>There is no such document.</h1>", 404)
        page = Template((WEB / "home" / "document.html").read_text("utf-8"))
        body = self._rendered(path.read_text("utf-8"))
        return HTMLResponse(
            page.safe_substitute(title=title(path), links=_links(path), document=body)
        )

    def _rendered(self, text: str) -> str:
        """The document as HTML, its headings with the anchors that links name."""
        tokens = self._markdown.parse(text)
        for opening, inline in pairwise(tokens):
            if opening.type == "heading_open":
                opening.attrSet("id", anchor(inline.content))
        rendered: str = self._markdown.renderer.render(tokens, self._markdown.options, {})
        return rendered


def title(document: Path) -> str:
    """Its first heading, as HTML."""
    first = document.read_text("utf-8").split("\n", 1)[0]
    return html.escape(first.removeprefix("# "))


def _links(here: Path) -> str:
    """All documents by their folders, the one that is shown marked."""
    parts = []
    for heading, folder in _SHELVES:
        parts.append(f"<h2>{heading}</h2><ul>")
        for path in sorted(folder.glob("*.md")):
            mark = ' aria-current="page"' if path == here else ""
            address = html.escape(path.relative_to(DOCS).with_suffix("").as_posix())
            parts.append(f'<li><a href="/docs/{address}"{mark}>{title(path)}</a></li>')
        parts.append("</ul>")
    return "".join(parts)


def anchor(heading: str) -> str:
    """A heading's id, as Markdown viewers make it: lower case, dashes, no punctuation."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
