"""Where sealed secrets are in the database: each package declares its own."""

from dataclasses import dataclass

from convosphere.core.secrets.sealing import SealedPlace

INSTALLATION = "installation"
"""Owns what belongs to no workspace and no account."""


@dataclass(frozen=True)
class SealedColumn:
    """A column of sealed secrets, and the columns that name their places.

    Row-level security must open its table to a rotation, see `core.schema.open_to_rotation`.

    Args:
        table: its table.
        column: the column itself.
        record_column: tells its rows apart.
        owner_column: the workspace or account; empty where a secret is the installation's own.
    """

    table: str
    column: str
    record_column: str
    owner_column: str = ""

    @property
    def kind(self) -> str:
        """As in the places of its secrets."""
        return f"{self.table}.{self.column}"

    def place(self, record: object, owner: object = INSTALLATION) -> SealedPlace:
        """The place of one row's secret."""
        return SealedPlace(self.kind, str(owner), str(record))
