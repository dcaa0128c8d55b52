"""What narrows the list of documents, as the browser gets it, and the filter that it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import KNOWLEDGE
from convosphere.knowledge.collections.schemas import CollectionRow, OpenedCollection
from convosphere.knowledge.schemas import DocumentFilter

NO_FOLDER: Final = "none"
MOST_CHOSEN: Final = 20
"""Tags, people or values of one kind that a list is narrowed by at once."""
LONGEST_VALUE: Final = 200
STATES: Final = {
    "ready": ("ready",),
    "working": ("stored", "parsed", "chunked", "indexed"),
    "failed": ("failed",),
}
"""What people tell apart, and the statuses that it stands for."""
FAVOURITES: Final = "favourites"
UNTAGGED: Final = "untagged"
REVIEW_DUE: Final = "review"
UNCITED: Final = "uncited"
UNCITED_LATELY: Final = "uncited-lately"
PARTS: Final = frozenset({"states", "kinds", "languages", "authors", "sizes", "ages", "causes", "marks"})
"""Of which single values are chosen."""


@dataclass(frozen=True)
class ShownFolder:
    """The folder whose documents are listed: all if it is empty, those in no folder if it is `NO_FOLDER`.

    `around` are the folders around it, `can_edit` whether something may be put there.
    """

    id: str = ""
    name: str = ""
    around: list[tuple[str, str]] = field(default_factory=list)
    can_edit: bool = False


@dataclass(frozen=True)
class FilterTag:
    """A tag that narrows the list: documents with it or with one within it, or, `is_without`, without any of these.

    One that the person does not see has no name.
    """

    id: str
    name: str
    colour: str
    is_without: bool = False


@dataclass(frozen=True)
class FilterOwner:
    """Somebody to whom the documents belong."""

    id: str
    name: str


@dataclass(frozen=True)
class ShownCollection:
    """The collection that was opened; `is_changed` once something else is shown than it says."""

    id: str = ""
    name: str = ""
    can_edit: bool = False
    is_changed: bool = False


@dataclass(frozen=True)
class ShownFilters:
    """What narrows the list besides its folder and a name; of several tags one is enough where `is_any`."""

    tags: list[FilterTag] = field(default_factory=list)
    is_any: bool = False
    states: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    dated_from: str = ""
    dated_until: str = ""
    """Days as ISO 8601, or empty."""
    sizes: list[str] = field(default_factory=list)
    ages: list[str] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)
    owners: list[FilterOwner] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    """Names that stand above: `FAVOURITES` and others."""
    collection: ShownCollection = field(default_factory=ShownCollection)

    def changed(self, **changes: Any) -> "ShownFilters":  # Values of its fields.
        """The same with something else; what shows a collection shows it changed then."""
        changed = replace(self, **changes)
        if not self.collection.id or "collection" in changes:
            return changed
        return replace(changed, collection=replace(self.collection, is_changed=True))

    def with_turned(self, part: str, value: str) -> "ShownFilters":
        """With a value of a part that was not among them, or without one that was."""
        if part not in PARTS or not value or len(value) > LONGEST_VALUE:
            return self
        before: list[str] = getattr(self, part)
        rest = [each for each in before if each != value]
        return self.changed(**{part: rest if len(rest) < len(before) else [*rest, value][:MOST_CHOSEN]})

    def with_days(self, first: str, last: str) -> "ShownFilters":
        """Those of some days; what is no day bounds nothing."""
        return self.changed(dated_from=_day_text(first), dated_until=_day_text(last))

    def with_owner(self, chosen: FilterOwner) -> "ShownFilters":
        """The same for somebody whom documents belong to."""
        rest = [each for each in self.owners if each.id != chosen.id]
        return self.changed(owners=rest if len(rest) < len(self.owners) else [*rest, chosen][:MOST_CHOSEN])

    def with_tag(self, chosen: FilterTag) -> "ShownFilters":
        """A tag narrows the list to those with it, chosen again to those without it, then no more."""
        rest = [tag for tag in self.tags if tag.id != chosen.id]
        before = next((tag for tag in self.tags if tag.id == chosen.id), None)
        if before is None:
            return self.changed(tags=[*rest, chosen][:MOST_CHOSEN])
        return self.changed(tags=rest if before.is_without else [*rest, replace(before, is_without=True)])


def filter_of(text: str, folder: ShownFolder, filters: ShownFilters) -> DocumentFilter:
    """Which documents are shown."""
    is_loose = folder.id == NO_FOLDER
    wanted = tuple(parse_id(tag.id) for tag in filters.tags if not tag.is_without)
    return DocumentFilter(
        text=text.strip(), folder_id=parse_id(folder.id) if folder.id and not is_loose else None, is_direct=is_loose,
        statuses=tuple(status for state in filters.states for status in STATES.get(state, ())),
        kinds=tuple(filters.kinds), languages=tuple(filters.languages), authors=tuple(filters.authors),
        dated_from=_day(filters.dated_from), dated_until=_day(filters.dated_until),
        sizes=tuple(filters.sizes), ages=tuple(filters.ages), causes=tuple(filters.causes),
        is_uncited=UNCITED in filters.marks, is_uncited_lately=UNCITED_LATELY in filters.marks,
        owner_ids=tuple(parse_id(owner.id) for owner in filters.owners),
        is_favourite=FAVOURITES in filters.marks, is_untagged=UNTAGGED in filters.marks,
        is_review_due=REVIEW_DUE in filters.marks,
        any_tags=wanted if filters.is_any else (), all_tags=() if filters.is_any else wanted,
        no_tags=tuple(parse_id(tag.id) for tag in filters.tags if tag.is_without),
    )  # fmt: skip


def filters_of_address(parameters: Mapping[str, str]) -> ShownFilters:
    """What the address of the list asks for."""
    filters = ShownFilters()
    for part in sorted(PARTS & parameters.keys()):
        filters = filters.with_turned(part, parameters[part])
    return filters


def address_of(part: str, value: str) -> str:
    """The address of the list with one value of a part."""
    return f"{KNOWLEDGE}?{urlencode({part: value})}"


def _marks(wanted: DocumentFilter) -> dict[str, bool]:
    return {
        FAVOURITES: wanted.is_favourite, UNTAGGED: wanted.is_untagged, REVIEW_DUE: wanted.is_review_due,
        UNCITED: wanted.is_uncited, UNCITED_LATELY: wanted.is_uncited_lately,
    }  # fmt: skip


def filters_of(opened: OpenedCollection) -> ShownFilters:
    """What a collection says, with the names that the person sees."""
    wanted, tags = opened.filter, opened.tags

    def shown(key: UUID, *, is_without: bool = False) -> FilterTag:
        label = tags.get(key)
        return FilterTag(str(key), label.name if label else "", label.colour if label else "gray", is_without)

    without = [shown(key, is_without=True) for key in wanted.no_tags]
    return ShownFilters(
        tags=[*map(shown, (*wanted.any_tags, *wanted.all_tags)), *without],
        is_any=bool(wanted.any_tags),
        states=[state for state, statuses in STATES.items() if set(statuses) <= set(wanted.statuses)],
        kinds=list(wanted.kinds), languages=list(wanted.languages), authors=list(wanted.authors),
        dated_from=wanted.dated_from.isoformat() if wanted.dated_from else "",
        dated_until=wanted.dated_until.isoformat() if wanted.dated_until else "",
        sizes=list(wanted.sizes), ages=list(wanted.ages), causes=list(wanted.causes),
        marks=[mark for mark, holds in _marks(wanted).items() if holds],
        owners=[FilterOwner(str(key), opened.owners.get(key, "")) for key in wanted.owner_ids],
        collection=shown_collection(opened.row),
    )  # fmt: skip


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        return None


def _day_text(said: str) -> str:
    day = _day(said)
    return day.isoformat() if day else ""


def shown_collection(row: CollectionRow) -> ShownCollection:
    """A collection that is opened."""
    return ShownCollection(str(row.id), row.name, row.can_edit)
