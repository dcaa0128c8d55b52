"""Brings a database to the newest schema."""

from collections.abc import Sequence

from alembic import command
from alembic.config import Config

from convosphere.core.errors import ConfigurationError
from convosphere.core.settings import load_settings
from convosphere.launch.postgres import APP_ROLE
from convosphere.launch.revisions import SCRIPTS, role_of


def main(_arguments: Sequence[str]) -> int:
    """Migrate the database of DATABASE_OWNER_URL, for the role of DATABASE_URL.

    Raises:
        ConfigurationError: one of the two is missing.
    """
    settings = load_settings()
    if not (settings.database_owner_url and settings.database_url):
        raise ConfigurationError(
            "DATABASE_OWNER_URL and DATABASE_URL: both are needed to migrate. `run` migrates the embedded database."
        )
    migrate(settings.database_owner_url, role_of(settings.database_url))
    return 0


def migrate(owner_url: str, app_role: str = APP_ROLE) -> None:
    """Apply all migrations that are missing, as the role that owns the tables; `app_role` is granted their use."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))  # The parser reads % as interpolation.
    config.attributes["app_role"] = app_role
    command.upgrade(config, "head")
