"""Looking for what should have gone with a document and did not, and for documents without their file."""

from uuid import UUID

from convosphere.core.audit.actions import DOCUMENTS_SCANNED, REMAINS_REMOVED
from convosphere.core.audit.facts import CountFacts
from convosphere.core.authorization import require
from convosphere.core.errors import NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files import service as files
from convosphere.identity.service.installation import founded_workspace
from convosphere.identity.service.memberships import resolve_person
from convosphere.knowledge.chunking.switching import delete_leaving
from convosphere.knowledge.health import remains as queries
from convosphere.knowledge.health.models import DONE, FAILED
from convosphere.knowledge.health.schemas import ScanRow
from convosphere.knowledge.queries.documents import list_names
from convosphere.knowledge.queries.removal import Finding, find_remains
from convosphere.knowledge.search.index import recount_terms, remove_versions

SCAN_TASK = "knowledge.scan"
_AT_ONCE = 200


def scan_topic(workspace_id: UUID) -> str:
    """The topic of looks for remains in a workspace."""
    return f"scan:{workspace_id}"


async def begin(actor: Actor, *, is_cleaning: bool) -> None:
    """Have a job look for remains, and remove them where it `is_cleaning`; nothing while one is at it."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        scan_id = new_id()
        if await queries.begin_scan(uow, scan_id, is_cleaning=is_cleaning):
            args = {"workspace_id": uow.workspace_id, "account_id": uow.account_id, "scan_id": scan_id}
            topic = scan_topic(uow.workspace_id)
            await uow.enqueue(SCAN_TASK, {name: str(key) for name, key in args.items()}, lock=topic)
            await uow.publish(topic)


async def get_latest(actor: Actor) -> ScanRow | None:
    """The latest look for remains, if there was one."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        found = await queries.get_scan(uow)
        if found is None:
            return None
        missing = await list_names(uow, found.missing_ids)
    return ScanRow(found.state, found.is_cleaning, found.findings, missing, found.started_at, found.ended_at)


async def run(workspace_id: UUID, account_id: UUID, scan_id: UUID) -> None:
    """Do what `begin` asked for, with the rights that its person has by then; nothing if a later one took its place."""
    try:
        actor = await resolve_person(workspace_id, account_id)
    except NotFoundError:
        actor = None
    if actor is None or not actor.may(Permission.KNOWLEDGE_MANAGE):
        await _end(system_actor(workspace_id), scan_id, FAILED, [], [])
        return
    async with unit_of_work(actor) as uow:
        scan_now = await queries.get_scan(uow)
    if scan_now is None or scan_now.id != scan_id:
        return
    if scan_now.is_cleaning:
        await clean(actor)
    findings = await scan(actor)
    async with unit_of_work(actor) as uow:
        missing = await queries.list_without_file(uow, await files.find_missing(uow))
    await _end(actor, scan_id, DONE, [*findings, Finding("missing", len(missing))], missing)


async def scan(actor: Actor) -> list[Finding]:
    """How much of each kind is left of documents that are gone; the trail is told that somebody looked."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    async with unit_of_work(actor) as uow:
        found = await find_remains(uow)
        rows, orphans = await files.find_orphans(uow)
        found += [Finding("files", rows), Finding("bytes", orphans)]
        uow.record(DOCUMENTS_SCANNED, after=CountFacts(count=sum(each.count for each in found)))
    return found


async def clean(actor: Actor) -> int:
    """Remove what is left of documents that are gone; gives how much that was. What is young may be on its way."""
    require(actor, Permission.KNOWLEDGE_MANAGE)
    count = 0
    while versions := await _take_passages(actor):
        count += versions
    count += await delete_leaving(actor)
    async with unit_of_work(actor) as uow:
        count += await queries.delete_remains(uow)
        for set_id in await queries.list_miscounted(uow):
            await recount_terms(uow, set_id)
            count += 1
    count += len(await files.sweep(actor))
    async with unit_of_work(actor) as uow:
        uow.record(REMAINS_REMOVED, after=CountFacts(count=count))
    return count


async def scan_at_terminal() -> list[Finding]:
    """`scan` for whoever runs the installation."""
    workspace_id = await founded_workspace()
    return await scan(system_actor(workspace_id)) if workspace_id else []


async def _take_passages(actor: Actor) -> int:
    """Take some passages out of the index whose document is gone; gives of how many versions."""
    async with unit_of_work(actor) as uow:
        versions = await queries.list_lost_versions(uow, _AT_ONCE)
        await remove_versions(uow, versions)
    return len(versions)


async def _end(actor: Actor, scan_id: UUID, state: str, findings: list[Finding], missing: list[UUID]) -> None:
    async with unit_of_work(actor) as uow:
        counts = {finding.kind: finding.count for finding in findings}
        await queries.end_scan(uow, scan_id, state=state, findings=counts, missing_ids=missing)
        await uow.publish(scan_topic(uow.workspace_id))
