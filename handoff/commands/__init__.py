"""One module per subcommand of `stafett`.

Each has a function `register(app: typer.Typer) -> None` that adds its command or group; a module
put here is found by itself. What a command needs is imported when it runs, inside its function,
so that `stafett --help` stays quick.
"""
