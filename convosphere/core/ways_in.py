"""Every way into the product declares the permission it needs; what declares none is refused."""

from collections.abc import Callable
from typing import TypeVar

from convosphere.core.permissions import Permission

Function = TypeVar("Function", bound=Callable[..., object])

_ATTRIBUTE = "__convosphere_permission__"


def way_in(permission: Permission) -> Callable[[Function], Function]:
    """Declare what a route's endpoint or a page's handler needs. Stands directly above the function itself."""

    def declare(function: Function) -> Function:
        setattr(function, _ATTRIBUTE, permission)
        return function

    return declare


def declared_permission(function: Callable[..., object]) -> Permission | None:
    """What a function declared, or None when it declared nothing."""
    return getattr(function, _ATTRIBUTE, None)
