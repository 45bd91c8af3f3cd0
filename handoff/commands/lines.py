"""`stafett lines`: what customers wrote that the bot did not know, for designers to read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from handoff.amounts import amount


def register(app: typer.Typer) -> None:
    app.command()(lines)


def lines(
    uncertain: Annotated[
        bool, typer.Option("--uncertain", help="Lines the bot was not sure about.")
    ] = False,
    handed_over: Annotated[
        bool, typer.Option("--handed-over", help="Lines just before a person was asked for.")
    ] = False,
    client: Annotated[str | None, typer.Option(help="One client company; all if left out.")] = None,
    since: Annotated[int, typer.Option(min=1, max=3_650, help="Days back.")] = 30,
    limit: Annotated[
        int, typer.Option(min=1, max=20_000, help="Different lines of a client company.")
    ] = 500,
    out: Annotated[
        Path | None, typer.Option(help="A file outside data/, readable by you alone.")
    ] = None,
) -> None:
    """Write customers' lines, disguised, as training data to review. Both kinds, if none given."""
    import asyncio
    import time

    from handoff.clients import chosen, load_clients
    from handoff.custody import READER
    from handoff.errors import InputError
    from handoff.insight.review import Review, Wanted
    from handoff.private_file import prepare_private, write_private
    from handoff.settings import ROOT, read_settings
    from handoff.storage import open_store

    settings = read_settings()
    known = load_clients(ROOT / "clients", settings.variables)
    clients = chosen(known, client)
    named = time.strftime("lines-%Y-%m-%d-%H%M%S.yml")
    path = out or settings.data_dir / "review" / named
    if path.resolve().is_relative_to((ROOT / "data").resolve()):
        raise InputError(
            f"{path} is in data/, and what stands there is trained on unread.",
            cure="Name a file somewhere else.",
        )
    neither = not uncertain and not handed_over
    now = time.time()
    wanted = Wanted(uncertain or neither, handed_over or neither, now - since * 86_400, limit)

    async def gathered() -> Review:
        review = Review()
        store = await open_store(settings.database_url)
        try:
            for one in clients:
                await review.gather(store, one, wanted, READER)
        finally:
            await store.close()
        return review

    if out is None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Before anything is read and noted as read: a path that cannot be written ends here.
    prepare_private(path)
    review = asyncio.run(gathered())
    days = "the last day" if since == 1 else f"the last {since} days"
    of = client or ", ".join(known)
    write_private(path, review.as_nlu(f"{of}: {days} before {time.strftime('%Y-%m-%d %H:%M')}."))
    typer.echo(
        f"{path} holds {amount(len(review.lines), 'line')} of "
        f"{amount(review.conversations, 'conversation')}. Read it, move what is worth it to "
        "data/nlu/, and delete it."
    )
