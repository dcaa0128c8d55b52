"""The rules of a tag, and the one that is being written."""

from dataclasses import replace

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.knowledge.bulk.service import get_job
from convosphere.knowledge.rules import service
from convosphere.knowledge.rules.schemas import LONGEST_VALUE, MOST_PARTS
from convosphere.knowledge.service import documents, folders
from convosphere.knowledge.state.bulk_items import job_item
from convosphere.knowledge.state.bulk_state import BulkState
from convosphere.knowledge.state.rule_items import (
    PartItem,
    RuleItem,
    RulePreviewItem,
    condition_of,
    is_part_kind,
    preview_item,
    rule_item,
)


class RulesState(rx.State):
    """The dialog of a tag's rules; while one is being written, `draft` is it and `preview` what it would do."""

    tag_id: rx.Field[str] = rx.field("")
    tag_name: rx.Field[str] = rx.field("")
    rules: rx.Field[list[RuleItem]] = rx.field(default_factory=list)
    is_writing: rx.Field[bool] = rx.field(False)
    draft: rx.Field[RuleItem] = rx.field(default_factory=RuleItem)
    preview: rx.Field[RulePreviewItem] = rx.field(default_factory=RulePreviewItem)
    folders: rx.Field[list[tuple[str, str]]] = rx.field(default_factory=list)
    authors: rx.Field[list[str]] = rx.field(default_factory=list)

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    async def open(self, tag_id: str, name: str) -> None:
        """Show the rules of a tag."""
        self.reset()
        self.tag_id, self.tag_name = tag_id, name
        await self._list()

    @rx.event
    @way_in(Permission.DOCUMENT_READ)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.reset()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def write(self, rule_id: str) -> None:
        """Write a rule: one that there is, or, by none, a new one."""
        actor = current_actor()
        new = RuleItem(parts=[PartItem("words")])
        self.draft = next((rule for rule in self.rules if rule_id and rule.id == rule_id), new)
        self.folders = [(str(key), name) for key, name in (await folders.find_targets(actor, "")).items()]
        self.authors = [facet.key for facet in (await documents.list_facets(actor)).authors]
        self.is_writing = True
        await self._look()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    def stop_writing(self) -> None:
        """Back to the rules that there are."""
        self.is_writing, self.preview = False, RulePreviewItem()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def add_part(self, kind: str) -> None:
        """Ask one thing more."""
        if is_part_kind(kind) and len(self.draft.parts) < MOST_PARTS:
            self.draft = replace(self.draft, parts=[*self.draft.parts, PartItem(kind)])
            await self._look()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def remove_part(self, index: int) -> None:
        """Ask one thing less."""
        rest = [part for number, part in enumerate(self.draft.parts) if number != index]
        self.draft = replace(self.draft, parts=rest)
        await self._look()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def fill_in(self, index: int, value: str) -> None:
        """Say what one of them is."""
        await self._change(index, value=value[:LONGEST_VALUE])

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def set_below(self, index: int, with_below: bool) -> None:
        """Say whether a folder stands for those within it as well."""
        await self._change(index, with_below=with_below)

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def join(self, how: str) -> None:
        """Say whether all of it is asked, or any."""
        self.draft = replace(self.draft, is_any=how == "any")
        await self._look()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def keep(self, with_present: bool) -> None:
        """Keep the rule, and, if that is wanted, put the tag on what is there already."""
        actor = current_actor()
        rule_id = parse_id(self.draft.id) if self.draft.id else None
        rule_id = await service.keep_rule(actor, parse_id(self.tag_id), rule_id, condition_of(self.draft))
        if with_present and self.preview.total:
            job = await get_job(actor, await service.apply_to_present(actor, rule_id))
            (await self.get_state(BulkState)).job = job_item(job)
        self.stop_writing()
        await self._list()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def pause(self, rule_id: str, is_paused: bool) -> None:
        """Let a rule rest, or go on."""
        await service.set_paused(current_actor(), parse_id(rule_id), is_paused=is_paused)
        await self._list()

    @rx.event
    @way_in(Permission.DOCUMENT_WRITE)
    async def delete(self, rule_id: str) -> None:
        """Take a rule away."""
        await service.delete_rule(current_actor(), parse_id(rule_id))
        await self._list()

    async def _list(self) -> None:
        self.rules = [rule_item(row) for row in await service.list_rules(current_actor(), parse_id(self.tag_id))]

    async def _change(self, index: int, **changes: str | bool) -> None:
        parts = [replace(part, **changes) if number == index else part for number, part in enumerate(self.draft.parts)]
        self.draft = replace(self.draft, parts=parts)
        await self._look()

    async def _look(self) -> None:
        """What it would do, once it is filled in."""
        try:
            found = await service.preview(current_actor(), parse_id(self.tag_id), condition_of(self.draft))
        except ExpectedError:
            self.preview = RulePreviewItem()  # As long as something is missing, there is nothing to show.
        else:
            self.preview = preview_item(found)
