"""The command line: `python -m convosphere COMMAND`.

Each command is one line in `COMMANDS`: its name, what it is for, and the function that runs it, which takes the
remaining arguments and gives the exit code. It is imported only when asked for.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from convosphere.core.errors import ConvoSphereError

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("start everything and keep it running", "convosphere.launch.supervisor:main"),
    "product": ("start the application and a job worker, which share memory", "convosphere.launch.product:main"),
    "serve": ("start the web application only", "convosphere.launch.serving:main"),
    "worker": ("start a job worker only", "convosphere.worker:main"),
    "owner": ("create the owner's account", "convosphere.commands:create_owner"),
    "recover": ("make a link for a new password: `recover --email`", "convosphere.commands:recover"),
    "audit": ("verify the audit trail: `audit verify`", "convosphere.commands:audit"),
    "remains": ("look for what is left of deleted documents", "convosphere.commands:remains"),
    "secrets": ("change the key of stored secrets: `secrets rotate`, `secrets check`", "convosphere.commands:secrets"),
    "migrate": ("bring the database to the newest schema", "convosphere.launch.migrations:main"),
    "build": ("build the pages if their sources changed", "convosphere.launch.frontend:main"),
    "settings": ("write docs/settings.md from the settings", "convosphere.launch.settings_page:main"),
    "messages": ("collect, merge and compile the words on screen", "convosphere.launch.messages:main"),
}


def main(arguments: Sequence[str]) -> int:
    """Run a command; what a person can mend is told in a few lines and gives exit code 2."""
    parser = argparse.ArgumentParser(
        prog="convosphere",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="commands:\n" + "\n".join(f"  {name:10} {purpose}" for name, (purpose, _) in COMMANDS.items()),
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="what the command takes")
    parsed = parser.parse_args(arguments)
    try:
        return _resolve(COMMANDS[parsed.command][1])(parsed.arguments)
    except ConvoSphereError as error:
        sys.stderr.write(f"\n{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130


def _resolve(target: str) -> Callable[[Sequence[str]], int]:
    module, _, function = target.partition(":")
    return getattr(import_module(module), function)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
