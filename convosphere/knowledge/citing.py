"""Which documents answers cite: a port, since conversations lie above."""

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression

from convosphere.core.errors import ConfigurationError

LATELY_DAYS: Final = 90


class CitationsInSQL(Protocol):
    """What conversations know of citations; `days` is how far to look back, None for all time.

    Whether the actor sees the documents is for whoever asks to say.
    """

    def count(self, days: int | None) -> Select[UUID, int]:
        """A select of `document_id`, each once, and `answers`, how many cite it."""
        ...

    def cites(self, document_id: SQLColumnExpression[UUID], days: int | None) -> ColumnElement[bool]:
        """True of documents that any answer cites."""
        ...

    def asked(self, account_id: UUID) -> Select[UUID, str, UUID]:
        """A select of `id`, `question` and `document_id`: what a person asked in chats of their own, and the document
        that its answer cites first; later questions have greater ids."""
        ...


@dataclass
class _Provided:
    citations: CitationsInSQL | None = None


_provided = _Provided()


def provide_citations(citations: CitationsInSQL) -> None:
    """Tell who knows of citations; composition roots do."""
    _provided.citations = citations


def citations() -> CitationsInSQL:
    """Whoever knows of citations.

    Raises:
        ConfigurationError: nobody was named.
    """
    if _provided.citations is None:
        raise ConfigurationError("Nobody said who knows of citations.")
    return _provided.citations
