"""Rules as the browser gets them: texts and numbers only."""

from dataclasses import dataclass, field
from typing import Any, cast, get_args

from convosphere.knowledge.rules.schemas import Condition, Part, PartKind, RulePreview, RuleRow


@dataclass(frozen=True)
class PartItem:
    """One thing that a rule asks; `label` is the name of a folder, where `value` is its id."""

    kind: str
    value: str = ""
    label: str = ""
    with_below: bool = True


@dataclass(frozen=True)
class RuleItem:
    """A rule; `resting` is a message as a dict, or {}. A new one has no id."""

    id: str = ""
    is_any: bool = False
    parts: list[PartItem] = field(default_factory=list)
    owner: str = ""
    is_own: bool = True
    is_paused: bool = False
    resting: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RulePreviewItem:
    """What a rule would do; `is_known` once that was asked."""

    is_known: bool = False
    total: int = 0
    names: list[str] = field(default_factory=list)
    more: int = 0
    tagged: int = 0
    refused: int = 0


def rule_item(row: RuleRow) -> RuleItem:
    """A rule of a tag."""
    names = {str(key): name for key, name in row.folder_names.items()}
    asked = row.condition.parts
    parts = [PartItem(part.kind, part.value, names.get(part.value, ""), part.with_below) for part in asked]
    resting = dict(row.resting.as_dict()) if row.resting else {}
    is_any = row.condition.join == "any"
    return RuleItem(str(row.id), is_any, parts, row.owner_name, row.is_own, row.is_paused, resting)


def preview_item(found: RulePreview) -> RulePreviewItem:
    """What it would do."""
    more = max(found.total - len(found.names), 0)
    return RulePreviewItem(True, found.total, list(found.names), more, found.tagged, found.refused)


def condition_of(item: RuleItem) -> Condition:
    """What a rule asks; what is not filled in asks nothing."""
    filled = [part for part in item.parts if part.value.strip()]
    parts = tuple(Part(cast("PartKind", part.kind), part.value, part.with_below) for part in filled)
    return Condition("any" if item.is_any else "all", parts)


def is_part_kind(kind: str) -> bool:
    """Whether a rule can ask such a thing."""
    return kind in get_args(PartKind)
