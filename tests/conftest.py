"""What every test may ask for. Tests never reach the Internet, and never the developer's own settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from convosphere.core.settings import Settings, get_settings

# What takes longest comes first, so that the workers end together.
TURNS = ("e2e", "integration", "unit", "architecture")
# They attack an installation of their own, so that the pages are looked at beside them.
ATTACKS = {"test_attacks", "test_every_answer", "test_hostile_content"}

pytest_plugins = ("tests.fixtures.database", "tests.fixtures.mail", "tests.fixtures.people", "tests.fixtures.redis")


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of a fresh installation: no `.env`, no keys, data in the test's own directory."""
    for field in Settings.model_fields.values():
        if field.alias:
            monkeypatch.delenv(field.alias, raising=False)
    monkeypatch.setenv("CONVOSPHERE_DATA", str(tmp_path / "data"))
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    get_settings.cache_clear()
    yield get_settings()
    get_settings.cache_clear()


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook.
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a worker whole files, and all files together that look at one running product, which so starts only once."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group_of(item)))
    items.sort(key=lambda item: TURNS.index(item.nodeid.split("/")[1]))


def _group_of(item: pytest.Item) -> str:
    fixtures = getattr(item, "fixturenames", ())
    if item.path.stem in ATTACKS:
        return "attacks"
    return next((f"with one {name}" for name in ("product", "mailing") if name in fixtures), str(item.path))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many ways in the matrix of rights walked."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "matrix":
                terminalreporter.write_line(f"Matrix of rights: {value}")
