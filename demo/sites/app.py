"""Both sites in one application that tells them apart by the port a visitor came to."""

from __future__ import annotations

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from demo.sites.look_up import Connect, claim_look_up, parcel_look_up
from demo.sites.site import Site, Widget, site_app

HEIMBUD_PAGES = ("index", "spor", "avis", "faktura", "hjelp", "personvern")
VARDE_PAGES = ("index", "forsikringer", "skade", "hjelp", "personvern")


def systems_at(url: str, token: str) -> Connect:
    """How the sites reach the companies' systems for a look-up."""
    return lambda: httpx.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=2,
        trust_env=False,
    )


def heimbud_site(widget: Widget, connect: Connect) -> ASGIApp:
    return site_app(Site("heimbud", HEIMBUD_PAGES, "spor", parcel_look_up(connect)), widget)


def varde_site(widget: Widget, connect: Connect) -> ASGIApp:
    return site_app(Site("varde", VARDE_PAGES, "skade", claim_look_up(connect)), widget)


def by_port(sites: dict[int, ASGIApp]) -> ASGIApp:
    """One application for several listening ports."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await sites[scope["server"][1]](scope, receive, send)

    return app
