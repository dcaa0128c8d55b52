"""What does not say whom it lets in is not served at all; `test_access` holds the table of who may enter where."""

import pytest
from starlette.routing import Route

from convosphere.core.errors import ConfigurationError
from convosphere.identity.ways import guard_routes


def test_an_undeclared_route_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match="/secret"):
        guard_routes([Route("/secret", print)])
