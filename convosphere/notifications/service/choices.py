"""How a person wants to be told of each kind."""

from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.notifications.kinds import NotificationKinds
from convosphere.notifications.queries import preferences as queries
from convosphere.notifications.schemas import DIGESTS, Choice, KindRow


async def list_choices(actor: Actor) -> list[KindRow]:
    """All kinds that the actor can be told of, with what holds."""
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        chosen = await queries.list_choices(uow)
    return [
        KindRow(kind, chosen.get(kind.key, Choice(kind.on_page, kind.in_browser)))
        for kind in NotificationKinds.of(actor)
    ]


async def choose(actor: Actor, kind: str, choice: Choice) -> None:
    """Keep how the actor wants to be told of a kind from now on; all off: not at all.

    Raises:
        InvalidInputError: there is no such kind or choice.
    """
    require(actor, Permission.ACCOUNT_WRITE)
    if kind not in {known.key for known in NotificationKinds.of(actor)} or choice.digest not in DIGESTS:
        raise InvalidInputError(t("There is no such choice."))
    async with unit_of_work(actor) as uow:
        queries.set_choice(uow, kind, choice)
