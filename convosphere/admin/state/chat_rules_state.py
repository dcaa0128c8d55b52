"""What the workspace says of how long conversations live."""

from typing import Any

import reflex as rx

from convosphere.chat.rules import Preview, Retention, RetentionAct
from convosphere.chat.service import retention, temporary
from convosphere.core.authorization import current_actor
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast


class ChatRulesState(rx.State):
    """The rules as they are kept, and what the one for unused conversations would touch as it is written.

    `days` is 0 where conversations stay for ever. `preview` has its numbers by the names of `chat.rules.Preview`, and
    is empty until somebody asks for it. The fields begin anew with each `turn`.
    """

    temporary: rx.Field[str] = rx.field("allowed")
    days: rx.Field[int] = rx.field(0)
    act: rx.Field[str] = rx.field("archive")
    spares_pinned: rx.Field[bool] = rx.field(True)
    spares_shared: rx.Field[bool] = rx.field(True)
    preview: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    first_at: rx.Field[str] = rx.field("")
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    is_loaded: rx.Field[bool] = rx.field(False)
    turn: rx.Field[int] = rx.field(0)

    @rx.event
    @way_in(Permission.WORKSPACE_MANAGE)
    async def load(self) -> None:
        """Show the rules as they are; what is just being looked at stays."""
        if not self.preview:
            await self._load()

    @rx.event
    @way_in(Permission.WORKSPACE_MANAGE)
    async def choose_temporary(self, rule: str) -> None:
        """Keep at once whether there are temporary chats."""
        await temporary.set_rule(current_actor(), rule)
        self.temporary = rule
        await show_toast(self, "success", t("Saved."))

    @rx.event
    @way_in(Permission.WORKSPACE_MANAGE)
    async def look_ahead(self, form: dict[str, str]) -> None:
        """Say what the rule that is written would touch."""
        written = self._written(form)
        if written is not None:
            await self._look_ahead(written)

    @rx.event
    @way_in(Permission.WORKSPACE_MANAGE)
    async def save(self) -> None:
        """Keep the rule that was looked at."""
        await retention.set_retention(current_actor(), self._shown())
        self.preview = {}
        await show_toast(self, "success", t("Saved. Everybody concerned is told a week before anything goes."))

    @rx.event
    @way_in(Permission.WORKSPACE_MANAGE)
    async def discard(self) -> None:
        """Show the rule as it is kept."""
        await self._load()
        self.turn += 1

    async def _load(self) -> None:
        rules = await retention.get_rules(current_actor())
        self.temporary, self.preview, self.error = rules.temporary.value, {}, {}
        if rules.retention != self._shown():
            self._show(rules.retention)
            self.turn += 1
        self.is_loaded = True

    async def _look_ahead(self, written: Retention) -> None:
        try:
            found = await retention.preview(current_actor(), written)
        except InvalidInputError as error:
            self.error = error.message.as_dict()
            return
        self.error = {}
        self._show(written)
        self.preview, self.first_at = _numbers(found), found.first_at.isoformat() if found.first_at else ""

    def _written(self, form: dict[str, str]) -> Retention | None:
        """What the form says; where that is no number, why not stands beside the field."""
        days = str(form.get("retention-days", "")).strip()
        if days and not days.isdecimal():
            self.error = t("This is no number.").as_dict()
            return None
        act = str(form.get("retention-act", ""))
        return Retention(
            int(days[:9]) if days and int(days[:9]) else None,
            RetentionAct(act) if act in set(RetentionAct) else RetentionAct.ARCHIVE,
            spares_pinned=bool(form.get("retention-pinned")),
            spares_shared=bool(form.get("retention-shared")),
        )

    def _shown(self) -> Retention:
        return Retention(self.days or None, RetentionAct(self.act), self.spares_pinned, self.spares_shared)

    def _show(self, rule: Retention) -> None:
        self.days, self.act = rule.days or 0, rule.act.value
        self.spares_pinned, self.spares_shared = rule.spares_pinned, rule.spares_shared


def _numbers(found: Preview) -> dict[str, int]:
    return {
        "total": found.total, "now": found.now, "people": found.people, "spared": found.spared, "soon": found.soon,
    }  # fmt: skip
