"""One company's site: pages from its folder, one look-up in its systems, a strict CSP."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

HERE = Path(__file__).parent
_TITLE = re.compile(r"<!-- title: (.+?) -->\n")

LookUp = Callable[[str], Awaitable[str]]  # what a visitor typed -> HTML of what was found


@dataclass(frozen=True, slots=True)
class Widget:
    """Where the chat widget comes from: its pages' origin and its websocket's."""

    url: str
    socket: str

    def policy(self) -> str:
        """The Content-Security-Policy of a page that shows the widget."""
        pages = _origin(self.url)
        same_port = re.sub("^http", "ws", pages)
        sockets = " ".join(dict.fromkeys((same_port, _origin(self.socket))))
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src {pages}",
                f"style-src 'self' {pages}",
                f"img-src 'self' data: {pages}",
                f"font-src {pages}",
                f"media-src {pages}",
                f"connect-src {pages} {sockets}",
                "form-action 'self'",
                "base-uri 'none'",
                f"frame-ancestors 'self' {pages}",  # the front page shows site and desk together
            )
        )


@dataclass(frozen=True, slots=True)
class Site:
    """`look_up` answers the form of the page of that name, the visitor's text in `nummer`."""

    id: str
    page_names: tuple[str, ...]
    look_up_page: str
    look_up: LookUp


def site_app(site: Site, widget: Widget) -> Starlette:
    """The site as an ASGI application. Reads its pages once, here."""
    folder = HERE / site.id
    layout = Template((folder / "layout.html").read_text("utf-8"))
    style = (folder / "style.css").read_text("utf-8")
    logo = (folder / "logo.svg").read_text("utf-8")
    headers = {
        "Content-Security-Policy": widget.policy(),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }

    def render(name: str, found: str = "", typed: str = "", status: int = 200) -> Response:
        text = (folder / f"{name}.html").read_text("utf-8")
        title = _TITLE.match(text)
        body = Template(text[title.end() :] if title else text)
        path = "/" if name == "index" else f"/{name}"
        page = layout.substitute(
            title=title[1] if title else site.id,
            body=body.substitute(found=found, typed=escape(typed, quote=True)),
            logo=logo,
            widget=escape(widget.url, quote=True),
        )
        page = page.replace(f'<a href="{path}">', f'<a href="{path}" aria-current="page">')
        return HTMLResponse(page, status, headers)

    def page_route(name: str) -> Route:
        async def page(request: Request) -> Response:
            typed = request.query_params.get("nummer", "").strip()[:40]
            if name != site.look_up_page or not typed:
                return render(name)
            return render(name, await site.look_up(typed), typed)

        return Route("/" if name == "index" else f"/{name}", page)

    async def not_found(request: Request, error: Exception) -> Response:
        return render("404", status=404)

    async def stylesheet(request: Request) -> Response:
        return Response(style, media_type="text/css", headers={"Cache-Control": "max-age=60"})

    async def icon(request: Request) -> Response:
        return Response(logo, media_type="image/svg+xml")

    return Starlette(
        routes=[
            *map(page_route, site.page_names),
            Route("/style.css", stylesheet),
            Route("/logo.svg", icon),
        ],
        exception_handlers={404: not_found},
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
