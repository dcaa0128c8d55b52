"""Tags on documents."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from convosphere.core.identifiers import parse_id
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.bulk.actions.base import BulkAction
from convosphere.knowledge.bulk.models import Outcome
from convosphere.knowledge.bulk.schemas import Parameters, Verdict, Verdicts
from convosphere.knowledge.models import Document, Tag
from convosphere.knowledge.rules import queries as rule_queries
from convosphere.knowledge.rules.schemas import RuleMatch, as_condition
from convosphere.knowledge.service.announcements import announce
from convosphere.knowledge.tags import queries


class _Tagging(BulkAction):
    """Whoever may edit a document and use a tag, `tag_id`, puts it there and takes it off."""

    level = "edit"
    undone_among = "listed"
    at_once = 1_000

    async def check(self, uow: UnitOfWork, parameters: Parameters) -> None:
        """See whether there is such a tag."""
        await _tag(uow, parameters)


class PutTag(_Tagging):
    """Put a tag on documents, whatever somebody had said of it before."""

    name = "tag"

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        tag = await _tag(uow, parameters)
        changed = await queries.put(uow, _ids(documents), tag.id, "person")
        await queries.allow(uow, _ids(documents), tag.id)
        return await _told(uow, documents, {key: {"tag": str(tag.id)} for key in changed})

    async def undo(
        self, uow: UnitOfWork, documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]
    ) -> Verdicts:
        """Take it off again where it was put."""
        changed: dict[UUID, dict[str, object]] = {}
        for tag_id, ids in _by_tag(documents, before).items():
            changed |= {key: {} for key in await queries.take(uow, ids, tag_id)}
        return await _told(uow, documents, changed)


class TakeTag(_Tagging):
    """Take a tag off documents, so that no rule puts it back."""

    name = "untag"

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        tag = await _tag(uow, parameters)
        taken = await queries.take(uow, _ids(documents), tag.id)
        await queries.refuse(uow, list(taken), tag.id)
        return await _told(uow, documents, {key: {"tag": str(tag.id), "source": by} for key, by in taken.items()})

    async def undo(
        self, uow: UnitOfWork, documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]
    ) -> Verdicts:
        """Put it back where it was, if there is such a tag still."""
        changed: dict[UUID, dict[str, object]] = {}
        for tag_id, ids in _by_tag(documents, before).items():
            tag = await queries.get_tag(uow, tag_id, "use")
            by_rule = [key for key in ids if before[key].get("source") == "rule"]
            by_person = [key for key in ids if key not in set(by_rule)]
            changed |= {key: {} for key in await queries.put(uow, by_person, tag.id, "person")}
            changed |= {key: {} for key in await queries.put(uow, by_rule, tag.id, "rule")}
            await queries.allow(uow, ids, tag.id)
        return await _told(uow, documents, changed)


class TagByRule(_Tagging):
    """Put the tag of one of the actor's own rules, `rule_id`, on what fits it at that moment."""

    name = "rule"

    async def check(self, uow: UnitOfWork, parameters: Parameters) -> None:
        """See whether there is such a rule, and its tag."""
        await _match(uow, parameters)

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        match = await _match(uow, parameters)
        fitting = await rule_queries.list_fitting(uow, match, documents)
        changed = await queries.put(uow, fitting, match.tag_id, "rule")
        before = {"tag": str(match.tag_id), "rule": parameters["rule_id"]}
        return await _told(uow, documents, dict.fromkeys(changed, before))

    async def undo(
        self, uow: UnitOfWork, documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]
    ) -> Verdicts:
        """Take it off again, but where a person wants it; the rule rests, or it would put it back."""
        changed: dict[UUID, dict[str, object]] = {}
        for tag_id, ids in _by_tag(documents, before).items():
            changed |= {key: {} for key in await queries.take(uow, ids, tag_id, "rule")}
        for rule_id in {str(said["rule"]) for said in before.values() if "rule" in said}:
            await rule_queries.pause(uow, parse_id(rule_id))
        return await _told(uow, documents, changed)


async def _match(uow: UnitOfWork, parameters: Parameters) -> RuleMatch:
    rule = await rule_queries.get_rule(uow, parse_id(parameters.get("rule_id", "")))
    await queries.get_tag(uow, rule.tag_id, "use")
    return RuleMatch(rule.tag_id, as_condition(rule.condition))


async def _tag(uow: UnitOfWork, parameters: Parameters) -> Tag:
    return await queries.get_tag(uow, parse_id(parameters.get("tag_id", "")), "use")


def _ids(documents: Sequence[Document]) -> list[UUID]:
    return [document.id for document in documents]


def _by_tag(documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for document in documents:
        if said := before.get(document.id, {}).get("tag"):
            found.setdefault(parse_id(str(said)), []).append(document.id)
    return found


async def _told(
    uow: UnitOfWork, documents: Sequence[Document], changed: Mapping[UUID, Mapping[str, object]]
) -> Verdicts:
    await announce(uow, *changed)
    unchanged = Verdict(Outcome.UNCHANGED)
    return Verdicts(
        {each.id: Verdict(before=changed[each.id]) if each.id in changed else unchanged for each in documents}
    )
