"""How one wants to be told of what happens."""

from typing import TypedDict, cast

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.i18n import Value
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.notifications.schemas import Choice, Digest
from convosphere.notifications.service import choices


class ToldRow(TypedDict):
    """A kind of notification with what holds."""

    key: str
    label: dict[str, str | dict[str, Value]]
    on_page: bool
    in_browser: bool
    digest: str


class ToldState(rx.State):
    """The table of the page of notifications."""

    rows: rx.Field[list[ToldRow]] = rx.field(default_factory=list)

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def load(self) -> None:
        """Show all kinds."""
        self.rows = [
            ToldRow(
                key=row.kind.key,
                label=row.kind.label.as_dict(),
                on_page=row.choice.on_page,
                in_browser=row.choice.in_browser,
                digest=row.choice.digest,
            )
            for row in await choices.list_choices(current_actor())
        ]

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def want_on_page(self, key: str, is_wanted: bool) -> None:
        """Tell of a kind in the page, or not."""
        await self._keep(key, on_page=is_wanted)

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def want_in_browser(self, key: str, is_wanted: bool) -> None:
        """Tell of a kind by the browser, or not."""
        await self._keep(key, in_browser=is_wanted)

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def want_digest(self, key: str, digest: str) -> None:
        """Mail a kind daily, weekly or not at all."""
        await self._keep(key, digest=digest)

    async def _keep(self, key: str, **changed: bool | str) -> None:
        """Keep a line as it is changed; one that is not shown is none of the person's."""
        for row in self.rows:
            if row["key"] == key:
                new = ToldRow(**{**row, **changed})  # pyright: ignore[reportArgumentType]  # Its own fields alone.
                choice = Choice(new["on_page"], new["in_browser"], cast("Digest", new["digest"]))
                await choices.choose(current_actor(), key, choice)
                self.rows = [new if each["key"] == key else each for each in self.rows]
                return
