"""Places to choose from, and what they are called."""

from collections.abc import Sequence

from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.places import queries
from convosphere.knowledge.places.schemas import PLACE_KINDS, Place, PlaceKind, Places

MOST_FOUND = 24
LONGEST_WORDS = 100


async def find_places(actor: Actor, words: str, kinds: Sequence[PlaceKind] = PLACE_KINDS) -> list[Place]:
    """Places of some kinds that the actor sees and that are called so; none for who reads no documents."""
    if not actor.may(Permission.DOCUMENT_READ):
        return []
    async with unit_of_work(actor) as uow:
        return await queries.find_places(uow, words.strip()[:LONGEST_WORDS], kinds, MOST_FOUND // len(kinds))


async def name_places(actor: Actor, places: Places) -> list[Place]:
    """Those of some places that the actor sees."""
    async with unit_of_work(actor) as uow:
        return await list_seen(uow, places)


async def list_seen(uow: UnitOfWork, places: Places) -> list[Place]:
    """Those of some places that the unit's actor sees."""
    return await queries.list_named(uow, places) if places.ids and uow.actor.may(Permission.DOCUMENT_READ) else []


async def find_named(uow: UnitOfWork, names: Sequence[tuple[PlaceKind, str]]) -> list[Place]:
    """Folders, tags and collections that the unit's actor sees and that are called just so, one for each name."""
    found = await queries.list_called(uow, names) if names else []
    return list({(each.kind, each.name): each for each in found}.values())


def label_of(place: Place, locale: str) -> str:
    """What a place is called where places of all kinds stand together."""
    if place.kind == "document":
        return place.name
    words = {"folder": t("Folder"), "tag": t("Tag"), "collection": t("Collection")}
    return f"{words[place.kind].in_locale(locale)}: {place.name}"


async def count_documents(uow: UnitOfWork, places: Places) -> int:
    """How many documents the unit's actor sees there."""
    return await queries.count_documents(uow, places)
