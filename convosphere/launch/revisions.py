"""Whether a database has the newest schema, told without the weight of Alembic."""

import re
import sys
from collections.abc import Mapping

import psycopg
from psycopg.conninfo import conninfo_to_dict

from convosphere.core.errors import ConfigurationError
from convosphere.launch.processes import ROOT, run_child

SCRIPTS = ROOT / "alembic"

_REVISION = re.compile(r"^(down_)?revision\b[^=]*= *(?:\"(\w+)\"|None)", re.MULTILINE)


def ensure_migrated(owner_url: str, app_url: str, environment: Mapping[str, str]) -> None:
    """Migrate unless the database is up to date already; in a process of its own, as SQLAlchemy weighs 40 MB.

    Raises:
        ConfigurationError: a migration failed; the text holds its last lines.
    """
    if present_revision(owner_url) == newest_revision():
        return
    urls = {"DATABASE_OWNER_URL": owner_url, "DATABASE_URL": app_url}
    run_child([sys.executable, "-m", "convosphere", "migrate"], "The database", environment={**environment, **urls})


def present_revision(url: str) -> str | None:
    """The revision that a database is at, None before the first."""
    with psycopg.connect(plain_url(url)) as connection:
        exists = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        if exists is None or exists[0] is None:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None


def newest_revision() -> str:
    """The revision that no other one follows.

    Raises:
        ConfigurationError: there is not exactly one.
    """
    found = [match for path in (SCRIPTS / "versions").glob("*.py") for match in _REVISION.findall(path.read_text())]
    followed = {revision for down, revision in found if down}
    heads = [revision for down, revision in found if not down and revision not in followed]
    if len(heads) != 1:
        raise ConfigurationError(f"alembic/versions has {len(heads)} newest revisions instead of one: {sorted(heads)}")
    return heads[0]


def role_of(url: str) -> str:
    """The role that an address connects as."""
    return str(conninfo_to_dict(plain_url(url)).get("user", ""))


def plain_url(url: str) -> str:
    """An address as PostgreSQL's own library takes it, without the name of a driver."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", url)
