"""Verifying one workspace's part of the trail for whoever reads it: done by a job, its result an entry of the trail."""

from dataclasses import dataclass
from uuid import UUID

from convosphere.core.audit import queries, service
from convosphere.core.audit.actions import TRAIL_VERIFIED, Fact, Outcome, VerificationFacts
from convosphere.core.audit.schemas import INSTALLATION, Entry, EntryFilter
from convosphere.core.audit.service import ChainReport, Report
from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import unit_of_work

VERIFY_TASK = "audit.verify"


@dataclass(frozen=True)
class Verification:
    """What was found the last time, and by whom it was asked for.

    Args:
        facts: as in `VerificationFacts`.
    """

    entry: Entry
    facts: dict[str, Fact]


def verification_topic(workspace_id: UUID) -> str:
    """Published when a verification has ended."""
    return f"audit-verified:{workspace_id}"


async def ask_for_verification(actor: Actor) -> None:
    """Have the workspace's chain verified soon, and the installation's where it is the actor's to read."""
    require(actor, Permission.AUDIT_READ)
    async with unit_of_work(actor) as uow:
        asked_by = {"workspace_id": str(uow.workspace_id), "account_id": str(actor.account_id), "name": actor.name}
        await uow.enqueue(VERIFY_TASK, asked_by, lock=f"{VERIFY_TASK} {uow.workspace_id}")


async def verify_workspace(workspace_id: UUID, account_id: UUID, name: str) -> Report:
    """Verify it, keep the result in the trail, and tell those who wait for it."""
    system = system_actor(workspace_id)
    async with unit_of_work(system) as uow:
        is_first = await queries.is_founded_in(uow.session, workspace_id)
    report = await service.verify(only={workspace_id, INSTALLATION} if is_first else {workspace_id})
    async with unit_of_work(system) as uow:
        outcome = Outcome.DONE if report.is_sound else Outcome.FAILED
        asked_by = Actor(account_id, workspace_id, frozenset(), name=name)
        uow.record(TRAIL_VERIFIED, after=_facts(report, workspace_id), outcome=outcome, by=asked_by)
        await uow.publish(verification_topic(workspace_id))
    return report


async def last_verification(actor: Actor) -> Verification | None:
    """The newest result there is."""
    page = await service.list_entries(actor, EntryFilter(actions=frozenset({TRAIL_VERIFIED.name})), most=1)
    return Verification(page.entries[0], dict(page.entries[0].after or {})) if page.entries else None


def _facts(report: Report, workspace_id: UUID) -> VerificationFacts:
    chains = {each.chain: each for each in report.chains}
    ours = chains.get(workspace_id, ChainReport(workspace_id, 0, None))
    facts = VerificationFacts(
        entries=ours.checked,
        broken_at=ours.broken.sequence if ours.broken else None,
        fault=ours.broken.fault if ours.broken else "",
        damaged_heads=len(report.damaged_heads),
        heads_since=report.heads_since.isoformat(timespec="seconds") if report.heads_since else "",
        newest_head=report.newest_head.isoformat(timespec="seconds") if report.newest_head else "",
    )
    if theirs := chains.get(INSTALLATION):
        facts["installation_entries"] = theirs.checked
        facts["installation_broken_at"] = theirs.broken.sequence if theirs.broken else None
        facts["installation_fault"] = theirs.broken.fault if theirs.broken else ""
    return facts
