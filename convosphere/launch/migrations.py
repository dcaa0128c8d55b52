"""Brings a database to the newest schema."""

from alembic import command
from alembic.config import Config

from convosphere.launch.frontend import ROOT
from convosphere.launch.postgres import APP_ROLE


def migrate(owner_url: str, app_role: str = APP_ROLE) -> None:
    """Apply all migrations that are missing, as the role that owns the tables; `app_role` is granted their use."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "alembic"))
    config.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))  # The parser reads % as interpolation.
    config.attributes["app_role"] = app_role
    command.upgrade(config, "head")
