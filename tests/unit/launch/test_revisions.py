"""The newest schema, read without Alembic."""

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from convosphere.launch.revisions import SCRIPTS, newest_revision, plain_url, role_of


def test_newest_revision_is_the_one_that_alembic_finds() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert newest_revision() == ScriptDirectory.from_config(config).get_current_head()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_addresses_of_any_driver_are_understood(scheme: str) -> None:
    assert plain_url(f"{scheme}://app:secret@db/x") == "postgresql://app:secret@db/x"
    assert role_of(f"{scheme}://app:secret@db/x") == "app"
