"""How a document is to be cut that is read now."""

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.chunking.schemas import as_settings
from convosphere.knowledge.parsing.schemas import DEFAULT_CHUNKING, Chunking
from convosphere.knowledge.search.index import hold_sets


async def wanted_chunking(uow: UnitOfWork) -> Chunking:
    """As the passages are that are searched, and go on to be until the unit ends."""
    current = next((each for each in await hold_sets(uow) if each.is_current), None)
    return as_settings(current.settings).general if current else DEFAULT_CHUNKING
