"""The session's cookie has one name for all processes behind one address."""

import pytest

from convosphere.core.settings import get_settings
from convosphere.identity.cookies import cookie_name


@pytest.mark.parametrize(
    ("public_url", "port", "name"),
    [
        ("", "8010", "session_8010"),
        ("http://chat.test", "8010", "session_80"),
        ("http://chat.test:8080", "8011", "session_8080"),
        ("https://chat.test", "8010", "__Host-session"),
    ],
)
def test_the_name_tells_the_port_that_browsers_see(
    public_url: str, port: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", public_url)
    monkeypatch.setenv("PORT", port)
    get_settings.cache_clear()
    assert cookie_name() == name
