"""What can go wrong with sources.

ExpectedError
├── SourceNotFoundError      missing, or somebody else's
├── RunNotFoundError         likewise, of one run
├── SourceBusyError          it is being read at the moment
├── TooManySourcesError      somebody has as many as there may be
├── SourceError              it cannot be read now: what its server, directory or mailbox said, and what to do
│   └── SourceBlockedError   the server may not call that address
└── EntryError               one thing of a source cannot be taken; the others can
"""

from convosphere.core.errors import ConflictError, ExpectedError, LimitReachedError, NotFoundError
from convosphere.core.i18n import Message, t


class SourceNotFoundError(NotFoundError):
    """The source does not exist, or is somebody else's."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This source does not exist, or you have no access to it.")


class RunNotFoundError(NotFoundError):
    """The run was forgotten, or is of somebody else's source."""

    @classmethod
    def default_message(cls) -> Message:
        return t("This is not there any more.")


class SourceBusyError(ConflictError):
    """One run at a time."""

    code = "source_busy"

    @classmethod
    def default_message(cls) -> Message:
        return t("This source is being read at the moment. Please wait until it is done, or stop it first.")


class TooManySourcesError(LimitReachedError):
    """Nobody has more sources."""

    code = "too_many_sources"

    def __init__(self, most: int) -> None:
        super().__init__(t("You have {count} sources already. Please delete one first.", count=most))


class SourceError(ExpectedError):
    """The source as a whole cannot be read."""

    code = "source_failed"


class SourceBlockedError(SourceError):
    """The address lies within a network, and nobody has opened it."""

    code = "source_blocked"

    def __init__(self, host: str, entry: str) -> None:
        super().__init__(
            t(
                "{host} is an address inside a network, and such are closed at first. If it is a server of yours, "
                "whoever runs ConvoSphere sets SOURCE_HOSTS={entry} and starts it again.",
                host=host,
                entry=entry,
            )
        )


class EntryError(ExpectedError):
    """One thing of the source cannot be taken in."""

    code = "source_entry_failed"
