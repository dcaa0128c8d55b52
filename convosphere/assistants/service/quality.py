"""How the versions of an assistant did, and which was better."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.schemas import Definition
from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.queries import creations
from convosphere.creations.queries import versions as version_queries
from convosphere.creations.schemas import VersionRow
from convosphere.usage.service.quality import QualityLine, QualityReport, Range, report_on

MOST_VERSIONS = 1_000


@dataclass(frozen=True)
class VersionQuality:
    """How a version did, and the latest one before it that answered anybody."""

    version: VersionRow[Definition]
    line: QualityLine
    before: "VersionQuality | None" = None


@dataclass(frozen=True)
class AssistantQuality:
    """How an assistant did; `versions` are those that answered, newest first."""

    name: str
    report: QualityReport
    versions: Sequence[VersionQuality]


async def get_assistant_quality(actor: Actor, assistant_id: UUID, chosen: Range) -> AssistantQuality:
    """How an assistant's answers did, whoever asked.

    Raises:
        AssistantNotFoundError: the actor may not change such an assistant.
    """
    require(actor, Permission.ASSISTANT_READ)
    async with unit_of_work(actor) as uow:
        assistant = await creations.get(uow, ASSISTANTS, assistant_id, "edit")
        known = await version_queries.list_versions(uow, ASSISTANTS, assistant, MOST_VERSIONS)
        report = await report_on(uow, chosen, assistant_id, has_words=True)
    return AssistantQuality(assistant.name, report, _by_version(known, report))


def _by_version(known: Sequence[VersionRow[Definition]], report: QualityReport) -> list[VersionQuality]:
    lines = {line.key: line for line in report.versions}
    found: list[VersionQuality] = []
    for version in reversed(known):
        line = lines.get(str(version.id))
        if line and (line.answers or line.share.whole):
            before = replace(found[-1], before=None) if found else None
            found.append(VersionQuality(version, line, before))
    return found[::-1]
