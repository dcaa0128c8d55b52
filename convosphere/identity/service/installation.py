"""What there is of the installation."""

from uuid import UUID

from convosphere.core.permissions import ANONYMOUS
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.queries import founding as founding_queries


async def founded_workspace() -> UUID | None:
    """The workspace of the installation; None while it has no owner."""
    async with unit_of_work(ANONYMOUS) as uow:
        return await founding_queries.get_founded_workspace(uow)
