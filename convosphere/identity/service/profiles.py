"""A person's own profile: what they are called and how they want things to be."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from babel.core import get_global

from convosphere.core.audit.actions import ACCOUNT_RENAMED
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.queries import profiles as profile_queries
from convosphere.identity.queries.profiles import FrameFacts
from convosphere.identity.service.notices import NOTICES
from convosphere.identity.service.people import checked_name

Preference = Literal["theme", "density", "time_zone"]

THEMES: Final = ("light", "dark", "system")
DENSITIES: Final = ("comfortable", "compact")
# The names of the IANA database as CLDR knows them, old ones included: browsers differ in which they use.
TIME_ZONES: Final = frozenset({"UTC", *get_global("zone_territories"), *get_global("zone_aliases")})

MOST_SHORTCUTS: Final = 60

_ACT: Final = re.compile(r"[a-z-]{1,40}")
_KEYS: Final = re.compile(r"\S{0,40}")
_CHOICES: Final[dict[Preference, Collection[str]]] = {
    "theme": THEMES,
    "density": DENSITIES,
    "time_zone": TIME_ZONES | {""},
}


@dataclass(frozen=True)
class Profile:
    """One's own account, as its page shows it."""

    name: str
    email: str
    muted_mails: tuple[str, ...]


async def get_profile(actor: Actor) -> Profile:
    """The actor's."""
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        account = await profile_queries.get_account(uow)
        return Profile(account.name, account.email, tuple(account.muted_mails))


async def get_frame_facts(actor: Actor) -> FrameFacts:
    """What is shown around every page, and what it follows."""
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        return await profile_queries.get_frame_facts(uow)


async def rename(actor: Actor, name: str) -> None:
    """Change one's own name.

    Raises:
        InvalidInputError: nothing of it can be shown.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    name = checked_name(name)
    async with unit_of_work(actor) as uow:
        account = await profile_queries.lock_account(uow)
        if account.name != name:
            uow.record(ACCOUNT_RENAMED, account.id, label=name, before={"name": account.name}, after={"name": name})
            account.name = name


async def prefer(actor: Actor, preference: Preference, value: str) -> None:
    """Keep how a person wants things to be; an empty time zone is the browser's.

    Raises:
        InvalidInputError: there is no such choice.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    if value not in _CHOICES[preference]:
        raise InvalidInputError(t("There is no such choice."))
    async with unit_of_work(actor) as uow:
        await profile_queries.set_preference(uow, **{preference: value})


async def keep_shortcuts(actor: Actor, shortcuts: Mapping[str, str]) -> None:
    """Keep a person's own keys by what they do, in place of those before; an empty one is none.

    Raises:
        InvalidInputError: they are no keys, or too many.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    kept = {str(act): str(keys) for act, keys in shortcuts.items()}
    are_keys = all(_ACT.fullmatch(act) and _KEYS.fullmatch(keys) for act, keys in kept.items())
    if len(kept) > MOST_SHORTCUTS or not are_keys:
        raise InvalidInputError(t("These keys cannot be kept."))
    async with unit_of_work(actor) as uow:
        await profile_queries.set_shortcuts(uow, kept)


async def mute(actor: Actor, kind: str, *, is_muted: bool) -> None:
    """Say whether one wants mails of a kind.

    Raises:
        InvalidInputError: there is no such kind, or nobody can do without it.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    if kind not in NOTICES or NOTICES[kind].is_security:
        raise InvalidInputError(t("There is no such choice."))
    async with unit_of_work(actor) as uow:
        account = await profile_queries.lock_account(uow)
        others = [each for each in account.muted_mails if each != kind]
        account.muted_mails = [*others, kind] if is_muted else others
