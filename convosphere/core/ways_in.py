"""Every way into the product declares the permission it needs; what declares none is refused."""

import inspect
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeVar, get_origin, get_type_hints

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


def accepts(function: Callable[..., object], arguments: Mapping[str, object]) -> bool:
    """Whether arguments from outside have the names and plain types that a page's handler declares, in whole signs."""
    signature, types = _declared(function)
    try:
        signature.bind(None, **arguments)
        # Half a character can be written in JSON, but neither stored nor sent back.
        json.dumps(dict(arguments), ensure_ascii=False).encode()
    except (TypeError, UnicodeEncodeError):
        return False
    return all(_fits(value, types.get(name)) for name, value in arguments.items())


@cache
def _declared(function: Callable[..., object]) -> tuple[inspect.Signature, dict[str, object]]:
    return inspect.signature(function), get_type_hints(function)


def _fits(value: object, declared: object) -> bool:
    plain = get_origin(declared) or declared
    if plain is float:
        return type(value) in {int, float}
    return type(value) is plain or plain not in {str, int, bool, dict, list}
