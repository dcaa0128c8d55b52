"""Everything that can be called from outside says what it needs, and gets nobody in without it."""

import pytest
from starlette.routing import Route

from convosphere import convosphere
from convosphere.core.errors import ConfigurationError
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import declared_permission
from convosphere.identity.ways import guard_routes

# What works without being signed in. A new line here needs a reason.
PUBLIC_ROUTES = {
    "/auth/set-up",  # needs the one-time token
    "/auth/sign-in",
    "/auth/sign-up",  # needs an invitation, unless the installation is open
    "/auth/sign-out",
    "/health",  # says only whether the parts answer
}


def test_every_route_declares_a_permission() -> None:
    undeclared = [route.path for route in convosphere.ROUTES if declared_permission(route.endpoint) is None]
    assert undeclared == []


def test_only_these_routes_are_public() -> None:
    public = {route.path for route in convosphere.ROUTES if declared_permission(route.endpoint) is Permission.PUBLIC}
    assert public == PUBLIC_ROUTES


def test_an_undeclared_route_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match="/secret"):
        guard_routes([Route("/secret", print)])
