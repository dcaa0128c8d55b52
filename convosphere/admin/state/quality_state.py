"""How all answers of the workspace did, by assistant and by model."""

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.usage.service.quality import USUAL_RANGE, get_quality, range_of
from convosphere.usage.service.quality_figures import QualityItem, period_items, quality_item, quality_items


class QualityState(rx.State):
    """What is shown of which days; `hidden` ratings are of too few people to be shown."""

    range: rx.Field[str] = rx.field(str(USUAL_RANGE))
    is_loaded: rx.Field[bool] = rx.field(False)
    total: rx.Field[QualityItem] = rx.field(default_factory=QualityItem)
    assistants: rx.Field[list[QualityItem]] = rx.field(default_factory=list)
    models: rx.Field[list[QualityItem]] = rx.field(default_factory=list)
    periods: rx.Field[list[QualityItem]] = rx.field(default_factory=list)
    hidden: rx.Field[int] = rx.field(0)

    @rx.event
    @way_in(Permission.USAGE_READ)
    async def load(self) -> None:
        """Show the days that are chosen as they are now."""
        await self._load()

    @rx.event
    @way_in(Permission.USAGE_READ)
    async def choose_range(self, chosen: str) -> None:
        """Show other days."""
        self.range = chosen
        await self._load()

    async def _load(self) -> None:
        chosen = range_of(self.range)
        report = await get_quality(current_actor(), chosen)
        self.range, self.hidden, self.total = chosen, report.hidden, quality_item(report.total)
        self.assistants, self.models = quality_items(report.assistants), quality_items(report.models)
        self.periods = period_items(report.periods)
        self.is_loaded = True
