"""What pages of administration are asked for."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from convosphere.core.audit.actions import ACTIONS, Outcome
from convosphere.core.audit.schemas import EntryFilter
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.identifiers import parse_id

_LONGEST = 200


@dataclass(frozen=True)
class AuditFilter:
    """Which entries a page or an address asks for, in the words of a form; what is empty does not matter.

    Args:
        chain: `installation`, or empty for the workspace's own.
        since: a day such as `2026-11-20`, beginning in `zone`.
        until: the last day.
        zone: name of a time zone (IANA).
        name: of a person; beside `account` it only says whose id that is.
        label: of a thing; beside `object` it only says what that is.
    """

    chain: str = ""
    name: str = ""
    account: str = ""
    action: str = ""
    object: str = ""
    label: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""
    zone: str = ""

    @classmethod
    def from_words(cls, words: Mapping[str, str]) -> "AuditFilter":
        """What an address says; unknown words are left out."""
        return cls(**{field.name: words.get(field.name, "")[:_LONGEST] for field in fields(cls)})

    @property
    def words(self) -> str:
        """As the end of an address."""
        return urlencode({name: value for name, value in asdict(self).items() if value})

    def having(self, **changed: str) -> "AuditFilter":
        """The same with other words. Another name is another person's, another label another thing's."""
        forgotten = {"account": ""} if "name" in changed else {"object": ""} if "label" in changed else {}
        return replace(self, **forgotten, **{name: value[:_LONGEST] for name, value in changed.items()})

    def parsed(self) -> EntryFilter:
        """What the trail is asked for.

        Raises:
            InvalidInputError: a word is none that can be looked for.
        """
        if (self.action and self.action not in ACTIONS) or (self.outcome and self.outcome not in set(Outcome)):
            raise InvalidInputError(t("The request could not be read."))
        return EntryFilter(
            of_installation=self.chain == "installation",
            account_id=parse_id(self.account) if self.account else None,
            name="" if self.account else self.name.strip(),
            actions=frozenset({self.action}) if self.action else None,
            object_id=parse_id(self.object) if self.object else None,
            label="" if self.object else self.label.strip(),
            outcome=Outcome(self.outcome) if self.outcome else None,
            since=self._day(self.since, 0),
            until=self._day(self.until, 1),
        )

    def _day(self, day: str, later: int) -> datetime | None:
        if not day:
            return None
        try:
            begin = date.fromisoformat(day) + timedelta(days=later)
            return datetime.combine(begin, time(), ZoneInfo(self.zone or "UTC"))
        except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError):
            raise InvalidInputError(t("Please enter a day such as 2026-11-20.")) from None
