"""The commands of this package, each taking the remaining arguments and giving an exit code."""

import sys
from collections.abc import Sequence

from sqlalchemy import make_url

from convosphere.core.errors import ConfigurationError
from convosphere.core.settings import load_settings
from convosphere.launch import migrations, serving, settings_page, supervisor
from convosphere.launch.frontend import ensure_frontend
from convosphere.launch.postgres import APP_ROLE


def run(_arguments: Sequence[str]) -> int:
    """Start everything and keep it running."""
    return supervisor.run(load_settings())


def serve(_arguments: Sequence[str]) -> int:
    """Start the web application only."""
    serving.serve(load_settings())
    return 0


def migrate(_arguments: Sequence[str]) -> int:
    """Bring the database of DATABASE_OWNER_URL to the newest schema."""
    settings = load_settings()
    if not (settings.database_owner_url and settings.database_url):
        raise ConfigurationError(
            "DATABASE_OWNER_URL and DATABASE_URL: both are needed to migrate. `run` migrates the embedded database."
        )
    migrations.migrate(settings.database_owner_url, make_url(settings.database_url).username or APP_ROLE)
    return 0


def build(_arguments: Sequence[str]) -> int:
    """Build the pages if their sources changed."""
    ensure_frontend(lambda line: print(line, flush=True))  # noqa: T201
    return 0


def write_settings(_arguments: Sequence[str]) -> int:
    """Write the page of all settings."""
    settings_page.PAGE.write_text(settings_page.render())
    sys.stdout.write(f"{settings_page.PAGE}\n")
    return 0
