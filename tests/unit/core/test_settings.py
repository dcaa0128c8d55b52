"""Settings that do not fit together stop the start, by name and with the reason."""

import pytest

from convosphere.core.errors import ConfigurationError
from convosphere.core.settings import load_settings


def test_many_processes_need_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_PROCESSES", "2")
    with pytest.raises(ConfigurationError, match=r"APP_PROCESSES: .*more than one process needs REDIS_URL"):
        load_settings()
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:6379/0")
    assert load_settings().app_processes == 2


def test_redis_has_an_address_of_its_own_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "127.0.0.1:6379")
    with pytest.raises(ConfigurationError, match="REDIS_URL"):
        load_settings()
