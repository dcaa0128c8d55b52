"""Sources and their runs as the browser gets them: texts and numbers only."""

from dataclasses import dataclass, field
from typing import Any

from convosphere.knowledge.sources.kinds import KINDS
from convosphere.knowledge.sources.kinds.base import Kind, Option
from convosphere.knowledge.sources.schemas import ResultRow, RunRow, SourceRow


@dataclass(frozen=True)
class RunItem:
    """A run; `note` is a message as a dict, or {}."""

    id: str = ""
    state: str = ""
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    bytes: int = 0
    note: dict[str, Any] = field(default_factory=dict)
    started_at: str = ""
    seconds: int = -1


@dataclass(frozen=True)
class SourceItem:
    """A source with its last run, whose id is empty before the first."""

    id: str = ""
    kind: str = ""
    name: str = ""
    place: str = ""
    schedule: str = ""
    state: str = ""
    documents: int = 0
    folder_id: str = ""
    next_run_at: str = ""
    last: RunItem = field(default_factory=RunItem)


@dataclass(frozen=True)
class SourceResultItem:
    """What became of one thing."""

    name: str
    key: str
    outcome: str
    document_id: str
    error: dict[str, Any]


@dataclass(frozen=True)
class FieldItem:
    """A field of the form of a kind; words are messages as dicts, `input` is `text`, `number`, `switch` or `secret`."""

    key: str
    label: dict[str, Any]
    help: dict[str, Any]
    input: str
    value: str
    is_required: bool


def source_item(row: SourceRow) -> SourceItem:
    """A source."""
    return SourceItem(
        id=str(row.id), kind=row.kind, name=row.name, place=row.place, schedule=row.schedule, state=row.state,
        documents=row.documents, folder_id=str(row.folder_id or ""),
        next_run_at=row.next_run_at.isoformat() if row.next_run_at else "",
        last=run_item(row.last_run) if row.last_run else RunItem(),
    )  # fmt: skip


def run_item(row: RunRow) -> RunItem:
    """A run."""
    return RunItem(
        id=str(row.id), state=row.state, added=row.added, changed=row.changed, unchanged=row.unchanged, gone=row.gone,
        failed=row.failed, bytes=row.bytes, note=dict(row.note.as_dict()) if row.note else {},
        started_at=row.started_at.isoformat(),
        seconds=round((row.ended_at - row.started_at).total_seconds()) if row.ended_at else -1,
    )  # fmt: skip


def result_item(row: ResultRow) -> SourceResultItem:
    """What became of one thing; what is gone leads to no document."""
    shown = row.document_id if row.outcome in {"added", "changed"} else None
    return SourceResultItem(
        row.name, row.key, row.outcome, str(shown or ""), dict(row.error.as_dict()) if row.error else {}
    )


def fields_of(kind: str, row: SourceRow | None) -> list[FieldItem]:
    """The form of a kind, with what a source has by now; never its secret, whose field follows the name of the user."""
    if kind not in KINDS:
        return []
    described = KINDS[kind]
    values = row.options if row else {option.key: option.default for option in described.options}
    fields = [_field(option, str(values.get(option.key, option.default))) for option in described.options]
    behind = next((number for number, each in enumerate(fields, start=1) if each.key == "user"), len(fields))
    return [*fields[:behind], *_secret(described, row), *fields[behind:]]


def _field(option: Option, value: str) -> FieldItem:
    return FieldItem(
        option.key, dict(option.label.as_dict()), dict(option.help_text.as_dict()) if option.help_text else {},
        option.input, value, option.is_required,
    )  # fmt: skip


def _secret(kind: Kind, row: SourceRow | None) -> list[FieldItem]:
    if kind.secret is None:
        return []
    is_stored = bool(row and row.has_secret)
    help_text = kind.secret.stored_text if is_stored else kind.secret.help_text
    return [
        FieldItem(
            "secret", dict(kind.secret.label.as_dict()), dict(help_text.as_dict()) if help_text else {}, "secret", "",
            kind.secret.is_required and not is_stored,
        )
    ]  # fmt: skip
