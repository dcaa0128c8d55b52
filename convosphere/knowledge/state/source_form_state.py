"""The dialog that adds a source or changes one."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, InvalidInputError, LimitReachedError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.sources import drafts, service
from convosphere.knowledge.sources.errors import EntryError, SourceError
from convosphere.knowledge.sources.schemas import SourceDraft
from convosphere.knowledge.state.source_items import FieldItem, fields_of
from convosphere.shell.state import show_toast

_EXPECTED = (SourceError, EntryError, InvalidInputError, ConflictError, LimitReachedError)


class SourceFormState(rx.State):
    """What is entered of a source, but never its secret.

    `step` is "" (closed), `kind` (to choose one), `form`, or `found` (what would come). A new source that was tried is
    a draft by then, whose id is `source_id`.
    """

    step: rx.Field[str] = rx.field("")
    kind: rx.Field[str] = rx.field("")
    source_id: rx.Field[str] = rx.field("")
    is_new: rx.Field[bool] = rx.field(True)
    name: rx.Field[str] = rx.field("")
    schedule: rx.Field[str] = rx.field("daily")
    fields: rx.Field[list[FieldItem]] = rx.field(default_factory=list)
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    is_busy: rx.Field[bool] = rx.field(False)
    names: rx.Field[list[str]] = rx.field(default_factory=list)
    problems: rx.Field[list[dict[str, Any]]] = rx.field(default_factory=list)
    has_more: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.SOURCE_WRITE)
    def ask(self) -> None:
        """Open the dialog for a new source."""
        self.reset()
        self.step = "kind"

    @rx.event
    @way_in(Permission.SOURCE_WRITE)
    def choose(self, kind: str) -> None:
        """Ask for what this kind of source needs."""
        self.kind, self.fields = kind, fields_of(kind, None)
        self.step = "form" if self.fields else "kind"

    @rx.event
    @way_in(Permission.SOURCE_WRITE)
    async def edit(self, source_id: str) -> None:
        """Open the dialog to change a source."""
        self.reset()
        wanted = parse_id(source_id)
        row = next((row for row in await service.list_sources(current_actor()) if row.id == wanted), None)
        if row:
            self.is_new, self.source_id, self.kind = False, source_id, row.kind
            self.name, self.schedule, self.fields = row.name, row.schedule, fields_of(row.kind, row)
            self.step = "form"

    @rx.event
    @way_in(Permission.SOURCE_WRITE)
    async def back(self) -> None:
        """One step back, with what was entered."""
        if self.step == "form":
            self.reset()
            self.step = "kind"
        elif self.step == "found":
            self.step = "form"

    @rx.event
    @way_in(Permission.SOURCE_WRITE)
    async def submit(self, form: dict[str, str]) -> AsyncGenerator[None, None]:
        """Try a new source and show what would come; a source that there is already is changed."""
        self.error, self.is_busy = {}, True
        yield None
        draft = self._draft(form)
        self.name, self.schedule = draft.name, draft.schedule
        self.fields = [_entered(item, draft) for item in self.fields]
        try:
            source_id = await drafts.save_source(
                current_actor(), draft, parse_id(self.source_id) if self.source_id else None
            )
            self.source_id = str(source_id)
            if self.is_new:
                await self._try()
            else:
                self.reset()
                await show_toast(self, "success", t("Source saved."))
        except _EXPECTED as error:
            self.error = error.message.as_dict()
        finally:
            self.is_busy = False

    @rx.event
    @way_in(Permission.SOURCE_WRITE)
    async def keep(self) -> None:
        """Take the source that was tried, and read it."""
        await drafts.keep_source(current_actor(), parse_id(self.source_id))
        self.reset()

    @rx.event
    @way_in(Permission.SOURCE_WRITE)
    async def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it was; a draft is dropped."""
        if is_open:
            return
        source_id = self.source_id if self.is_new else ""
        self.reset()
        if source_id:
            await service.delete_source(current_actor(), parse_id(source_id), with_documents=False)

    async def _try(self) -> None:
        found = await drafts.preview(current_actor(), parse_id(self.source_id))
        self.names, self.has_more = list(found.names), found.has_more
        self.problems = [dict(problem.as_dict()) for problem in found.problems]
        self.step = "found"

    def _draft(self, form: dict[str, str]) -> SourceDraft:
        return SourceDraft(
            kind=self.kind,
            name=str(form.get("source-name", "")),
            schedule=str(form.get("source-schedule") or "daily"),
            options={item.key: str(form.get(f"source-{item.key}") or "") for item in self.fields},
            secret=str(form.get("source-secret") or ""),
        )


def _entered(item: FieldItem, draft: SourceDraft) -> FieldItem:
    """A field with what was entered, but for a secret, which need not be entered once more."""
    if item.input == "secret":
        return replace(item, is_required=item.is_required and not draft.secret)
    return replace(item, value=draft.options.get(item.key, ""))
