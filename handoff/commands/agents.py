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

    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with staff.opened() as desk:
        desk.add(login, name, password, role, client, language, capacity)
    typer.echo(f"{login} may log in.")


@agents.command("list")
def show() -> None:
    """Everybody who has a login."""
    from rich.console import Console
    from rich.table import Table

    from handoff import staff

    table = Table("login", "name", "role", "clients", "languages", "chats", box=None)
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

    new = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
    with staff.opened() as desk:
        desk.set_password(login, new)
    typer.echo(f"{login} has a new password.")


@agents.command("demo")
def demo() -> None:
    """Add the demonstration's logins, with passwords of their own, unless somebody is there."""
    from handoff import staff

    with staff.opened() as desk:
        desk.add_demo()
