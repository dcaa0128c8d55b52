"""What every test may ask for. Tests never reach the Internet, and never the developer's own settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from convosphere.core.settings import Settings, get_settings

pytest_plugins = (
    "tests.fixtures.database",
    "tests.fixtures.distribution",
    "tests.fixtures.mail",
    "tests.fixtures.people",
    "tests.fixtures.reading",
    "tests.fixtures.redis",
)


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many ways in the matrix of rights walked."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "matrix":
                terminalreporter.write_line(f"Matrix of rights: {value}")
