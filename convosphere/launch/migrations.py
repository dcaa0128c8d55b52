"""Brings the database to the shape that this version needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import make_url

SCRIPTS = Path(__file__).resolve().parents[2] / "alembic"


def migrate(owner_url: str, app_url: str) -> None:
    """Apply the migrations that are missing, as the owner, and give the app's role its rights."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))
    config.attributes["app_role"] = make_url(app_url).username
    command.upgrade(config, "head")
