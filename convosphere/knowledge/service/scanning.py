"""Looking for what should have gone with a document and did not."""

from convosphere.core.audit.actions import DOCUMENTS_SCANNED
from convosphere.core.audit.facts import CountFacts
from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files import service as files
from convosphere.identity.service.installation import founded_workspace
from convosphere.knowledge.queries import removal
from convosphere.knowledge.queries.removal import Finding


async def scan(actor: Actor) -> list[Finding]:
    """How much of each kind is left of documents that are gone; the trail is told that somebody looked."""
    require(actor, Permission.WORKSPACE_MANAGE)
    async with unit_of_work(actor) as uow:
        found = await removal.find_remains(uow)
        rows, orphans = await files.find_orphans(uow)
        found += [Finding("files", rows), Finding("bytes", orphans)]
        uow.record(DOCUMENTS_SCANNED, after=CountFacts(count=sum(each.count for each in found)))
    return found


async def scan_at_terminal() -> list[Finding]:
    """The same for whoever runs the installation."""
    workspace_id = await founded_workspace()
    return await scan(system_actor(workspace_id)) if workspace_id else []
