"""How an assistant's answers did, version by version."""

from dataclasses import dataclass

import reflex as rx

from convosphere.assistants.service.quality import AssistantQuality, VersionQuality, get_assistant_quality
from convosphere.core.authorization import current_actor
from convosphere.core.errors import NotFoundError
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import ASSISTANTS
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.usage.service.quality import USUAL_RANGE, range_of
from convosphere.usage.service.quality_figures import QualityItem, period_items, quality_item, quality_items


@dataclass(frozen=True)
class SaidItem:
    """What somebody wrote about an answer of a version."""

    version: str
    is_good: bool
    comment: str


class AssistantQualityState(rx.State):
    """The assistant that the address names; `hidden` ratings are of too few people to be shown."""

    range: rx.Field[str] = rx.field(str(USUAL_RANGE))
    place: rx.Field[str] = rx.field("")
    name: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    total: rx.Field[QualityItem] = rx.field(default_factory=QualityItem)
    versions: rx.Field[list[QualityItem]] = rx.field(default_factory=list)
    models: rx.Field[list[QualityItem]] = rx.field(default_factory=list)
    periods: rx.Field[list[QualityItem]] = rx.field(default_factory=list)
    said: rx.Field[list[SaidItem]] = rx.field(default_factory=list)
    hidden: rx.Field[int] = rx.field(0)

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def load(self) -> None:
        """Show how the assistant of the address did."""
        await self._load()

    @rx.event
    @way_in(Permission.ASSISTANT_READ)
    async def choose_range(self, chosen: str) -> None:
        """Show other days."""
        self.range = chosen
        await self._load()

    async def _load(self) -> None:
        chosen = range_of(self.range)
        place = self.router.url.path.removeprefix(ASSISTANTS).strip("/").partition("/")[0]
        try:
            found = await get_assistant_quality(current_actor(), parse_id(place), chosen)
        except NotFoundError:
            self.reset()
            self.is_missing = True
        else:
            self._show(found)
            self.range, self.is_missing = chosen, False
        self.place = place

    def _show(self, found: AssistantQuality) -> None:
        report = found.report
        numbers = {str(each.version.id): str(each.version.number) for each in found.versions}
        self.name, self.total, self.hidden = found.name, quality_item(report.total), report.hidden
        self.versions = [_version_item(each) for each in found.versions]
        self.models, self.periods = quality_items(report.models), period_items(report.periods)
        self.said = [SaidItem(numbers.get(str(one.version_id), ""), one.is_good, one.comment) for one in report.said]


def _version_item(found: VersionQuality) -> QualityItem:
    before = found.before
    return quality_item(
        found.line,
        name=str(found.version.number),
        other=before.line if before else None,
        other_name=str(before.version.number) if before else "",
        is_current=found.version.is_current,
    )
