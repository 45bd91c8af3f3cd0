"""`stafett privacy`: answer a customer who asks what is held about them, or wants it gone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from handoff.amounts import amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff.custody import Custody, Erased

privacy = typer.Typer(
    help="What is held about a customer: show it, erase it, and who has read it.",
    no_args_is_help=True,
)

Client = Annotated[str, typer.Option(help="The client company.")]
Conversation = Annotated[str, typer.Option(help="The conversation's id.")]
Visitor = Annotated[
    bool, typer.Option("--visitor", help="All conversations of that conversation's visitor.")
]


def register(app: typer.Typer) -> None:
    app.add_typer(privacy, name="privacy")


@privacy.command("export")
def export(
    client: Client,
    conversation: Conversation,
    visitor: Visitor = False,
    out: Annotated[
        Path | None, typer.Option(help="A file, readable by you alone; the screen if left out.")
    ] = None,
) -> None:
    """Everything held about a conversation as JSON, with what the bot remembers."""
    import time

    import msgspec

    from handoff import custody
    from handoff.private_file import write_private

    with custody.opened() as desk:
        held = desk.export(client, _chosen(desk, client, conversation, visitor))
    whole = {
        "client": client,
        "exported": custody.moment(time.time()),
        "conversations": list(held.conversations),
    }
    text = msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()
    if out is None:
        typer.echo(text)
    else:
        write_private(out, text + "\n")
        typer.echo(f"{out} holds {amount(len(held.conversations), 'conversation')}.")
    if held.bot_missing:
        typer.echo(
            f"stafett: What the bot remembers is missing. {held.bot_missing} "
            "Start it and export again.",
            err=True,
        )
        raise typer.Exit(1)


@privacy.command("erase")
def erase(
    client: Client,
    conversation: Conversation,
    visitor: Visitor = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a conversation now, here and in the bot. Statistics without names stay."""
    from handoff import custody

    with custody.opened() as desk:
        chosen = _chosen(desk, client, conversation, visitor)
        for one in chosen:
            held, _ = desk.held(client, one)
            lines, tasks = len(held.lines), len(held.tasks)
            typer.echo(
                f"{one}: {amount(lines, 'line')}, {amount(tasks, 'contact form')}, "
                f"last activity {custody.moment(held.last_at) or 'none any more'}."
            )
        if not yes:
            typer.confirm("Erase for good?", abort=True)
        erased = desk.erase(client, chosen)
    for row in erased:
        typer.echo(_told(row))


@privacy.command("reads")
def reads(conversation: Conversation) -> None:
    """Who opened a conversation, its messages, its card or its contact form, and when."""
    from handoff import custody

    with custody.opened() as desk:
        found = desk.reads(conversation)
    for read, who in found:
        typer.echo(f"{custody.moment(read.at)}  {read.client}  {who}  {read.what}")
    if not found:
        typer.echo("Nobody has opened it, or the rows are past their time (ACCESS_LOG_DAYS).")


def _chosen(desk: Custody, client: str, conversation: str, visitor: bool) -> Sequence[str]:
    held, _ = desk.held(client, conversation)
    if visitor and held.state is not None:
        return desk.of_visitor(client, conversation)
    return [conversation]


def _told(row: Erased) -> str:
    if row.here is None:
        here = "the database held nothing any more"
    else:
        here = (
            f"{amount(row.here.lines, 'line')}, {amount(row.here.changes, 'change')} of owner, "
            f"{amount(row.here.tasks, 'contact form')} and "
            f"{amount(row.here.orders, 'waiting order')} to the bot deleted"
        )
    if row.events is None:
        bot = (
            "the bot could not be told now, which is kept: the service tells it as soon as both run"
        )
    else:
        bot = f"the bot has forgotten it ({amount(row.events, 'event')})"
    return f"{row.conversation}: {here}; {bot}."
