"""How often documents are cited, which a package above knows: a port that the composition root fills."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import Select

from convosphere.core.errors import ConfigurationError


class CitationCounter(Protocol):
    """Whoever keeps citations."""

    def __call__(self, since: datetime) -> Select[UUID, int]:
        """A select of `document_id` and `citations`: how many answers since a moment cite a document, if any do.

        It counts all answers of the workspace. Whoever shows counts shows them of documents that one sees.
        """
        ...


class Citations:
    """Where citations are."""

    _counter: CitationCounter | None = None

    @classmethod
    def register(cls, counter: CitationCounter) -> None:
        """Count citations like this from now on."""
        cls._counter = counter

    @classmethod
    def counted(cls, since: datetime) -> Select[UUID, int]:
        """See `CitationCounter`.

        Raises:
            ConfigurationError: nobody counts in this process.
        """
        if cls._counter is None:
            raise ConfigurationError("Nobody counts citations in this process.")
        return cls._counter(since)
