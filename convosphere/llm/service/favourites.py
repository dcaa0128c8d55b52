"""Models that somebody wants to find first."""

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.llm.gateway import current_gateway
from convosphere.llm.queries import favourites as queries


async def list_favourites(actor: Actor) -> list[str]:
    """Ids of the actor's, of those that they may choose now; one that comes back is a favourite again."""
    require(actor, Permission.CONVERSATION_READ)
    offered = (await current_gateway().choices(actor)).models
    async with unit_of_work(actor) as uow:
        favourites = await queries.list_favourites(uow)
    return [model.id for model in offered if model.id in favourites]


async def set_favourite(actor: Actor, model_id: str, *, is_favourite: bool) -> None:
    """Find a model first wherever one is chosen, or no longer.

    Raises:
        ModelNotFoundError: the actor may choose no such model now.
    """
    require(actor, Permission.CONVERSATION_READ)
    require(actor, Permission.ACCOUNT_WRITE)
    model = await current_gateway().get_model(actor, model_id)
    async with unit_of_work(actor) as uow:
        queries.set_favourite(uow, model.id, is_favourite=is_favourite)
