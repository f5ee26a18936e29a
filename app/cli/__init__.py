"""The `houtai` command: each subcommand lives in the module of its name."""

import importlib

import click

COMMANDS = {
    "serve": "Serve the web pages, and run the clockwork beside them.",
    "worker": "Run timers and the outbox without web pages.",
    "migrate": "Bring the database to the newest schema.",
    "migrate-states": "Keep open cases as this release keeps them.",
    "deploy": "Publish processes, decisions and forms.",
    "check": "Say whether BPMN and DMN files can run here.",
    "import": "Read a CSV file of business data.",
    "demo": "Load the demo company.",
    "user": "Add people.",
    "calendar": "Say when a place works.",
    "backup": "Write the whole house to one file, while people work.",
    "restore": "Fill an empty database with what a backup holds.",
    "proof": "Check every invariant of stock and cases.",
    "openapi": "Print the description of the API.",
}
_MODULES = {"import": "imports", "migrate-states": "migrate_states"}


class Commands(click.Group):
    """Subcommands imported when they are called, so that `check` starts at once."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"app.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands)
@click.version_option(package_name="houtai")
def main() -> None:
    """Houtai 後台: the back office, run by its processes."""
