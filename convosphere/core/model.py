"""What every table is made of."""

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, DateTime, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel


class Table(SQLModel):
    """Base of all tables; `WebSession` is stored in `web_session`."""

    @declared_attr.directive
    @classmethod
    def __tablename__(cls) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]  # SQLModel types it narrower.
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


def utc_now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def timestamp_column(*, nullable: bool = False, default_now: bool = False) -> Any:  # noqa: ANN401  # As SQLModel's Field.
    """A `timestamptz` column."""
    if default_now:
        return Field(default_factory=utc_now, sa_type=DateTime(timezone=True), nullable=nullable)  # pyright: ignore[reportArgumentType, reportCallIssue]
    if nullable:
        return Field(default=None, sa_type=DateTime(timezone=True), nullable=True)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return Field(sa_type=DateTime(timezone=True), nullable=False)  # pyright: ignore[reportArgumentType, reportCallIssue]


def json_column(*, nullable: bool = False, is_empty_at_first: bool = False) -> Any:  # noqa: ANN401  # As SQLModel's Field.
    """A `jsonb` column, which may begin as an empty object."""
    if nullable:
        return Field(default=None, sa_type=JSONB, nullable=True)
    if is_empty_at_first:
        return Field(default_factory=dict, sa_type=JSONB, nullable=False)
    return Field(sa_type=JSONB, nullable=False)


def text_array_column(*, nullable: bool = False) -> Any:  # noqa: ANN401  # As SQLModel's Field.
    """A `text[]` column, empty at first, or without a value where it may have none."""
    if nullable:
        return Field(default=None, sa_type=ARRAY(Text), nullable=True)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return Field(default_factory=list, sa_type=ARRAY(Text), nullable=False)  # pyright: ignore[reportArgumentType, reportCallIssue]


def id_array_column() -> Any:  # noqa: ANN401  # As SQLModel's Field.
    """A `uuid[]` column, empty at first."""
    return Field(default_factory=list, sa_type=ARRAY(Uuid), nullable=False)  # pyright: ignore[reportArgumentType, reportCallIssue]


def number_array_column() -> Any:  # noqa: ANN401  # As SQLModel's Field.
    """An `integer[]` column, empty at first."""
    return Field(default_factory=list, sa_type=ARRAY(Integer), nullable=False)  # pyright: ignore[reportArgumentType, reportCallIssue]
