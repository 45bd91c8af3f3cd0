"""`stafett agents`: who may log in at the desk."""

from __future__ import annotations

from typing import Annotated

import typer

agents = typer.Typer(help="Logins of the desk.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(agents, name="agents")


@agents.command("add")
def add(
    login: Annotated[str, typer.Argument(help="What they log in with, such as an e-mail.")],
    name: Annotated[str, typer.Option(help="The name customers see.")],
    client: Annotated[list[str], typer.Option(help="A client company; repeat for several.")],
    role: Annotated[str, typer.Option(help="agent, supervisor, designer or admin.")] = "agent",
    language: Annotated[
        list[str] | None, typer.Option(help="nb, nn or en; all three when left out.")
    ] = None,
    capacity: Annotated[
        int | None, typer.Option(help="Chats in parallel; CAPACITY when left out.")
    ] = None,
) -> None:
    """Add a login. The password is asked for."""
    from handoff import staff

    with staff.opened() as desk:
        agent = desk.checked(login, name, role, client, language, capacity)
        desk.add(agent, _asked("Password"))
    typer.echo(f"{login} may log in.")


@agents.command("change")
def change(
    login: Annotated[str, typer.Argument(help="Whose.")],
    add_client: Annotated[
        list[str] | None, typer.Option(help="One more client company; repeat for several.")
    ] = None,
    remove_client: Annotated[
        list[str] | None, typer.Option(help="One less; repeat for several.")
    ] = None,
    role: Annotated[str | None, typer.Option(help="agent, supervisor, designer or admin.")] = None,
    capacity: Annotated[int | None, typer.Option(help="Chats in parallel.")] = None,
) -> None:
    """Change what somebody may. They log in again; a chat they may not have goes to the queue."""
    from handoff import staff
    from handoff.errors import InputError

    if not (add_client or remove_client or role or capacity is not None):
        raise InputError(
            "There is nothing to change.",
            cure="Use --add-client, --remove-client, --role or --capacity.",
        )
    with staff.opened() as desk:
        now = desk.change(
            login,
            role=role,
            more=add_client or (),
            fewer=remove_client or (),
            capacity=capacity,
        )
    clients = ", ".join(sorted(now.clients)) or "no client company"
    typer.echo(f"{login} is {now.role.value} for {clients}, chats in parallel: {now.capacity}.")


@agents.command("list")
def show() -> None:
    """Everybody who has a login."""
    from rich.console import Console
    from rich.table import Column, Table

    from handoff import staff

    heads = ("login", "name", "role", "clients", "languages", "chats")
    table = Table(*(Column(head, overflow="fold") for head in heads), box=None)
    with staff.opened() as desk:
        for agent in desk.all():
            table.add_row(
                agent.login,
                agent.name,
                agent.role.value,
                ", ".join(sorted(agent.clients)),
                ", ".join(sorted(agent.languages)),
                "off" if agent.disabled else f"{agent.active}/{agent.capacity}",
            )
    Console().print(table)


@agents.command("password")
def password(login: Annotated[str, typer.Argument(help="Whose.")]) -> None:
    """Set a new password; every session of theirs ends."""
    from handoff import staff

    with staff.opened() as desk:
        desk.find(login)
        desk.set_password(login, _asked("New password"))
    typer.echo(f"{login} has a new password.")


@agents.command("demo")
def demo() -> None:
    """Add the demonstration's logins, with passwords of their own, unless somebody is there."""
    from handoff import staff

    with staff.opened() as desk:
        desk.add_demo()


def _asked(what: str) -> str:
    from handoff.logins import SHORTEST_PASSWORD

    wanted = f"{what}, at least {SHORTEST_PASSWORD} characters"
    asked: str = typer.prompt(wanted, hide_input=True, confirmation_prompt="Once more")
    return asked
