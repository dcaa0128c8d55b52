"""The table of entries. No class of rows: an entry is added and read, never changed."""

from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

AUDIT_ENTRY = Table(
    "audit_entry",
    MetaData(),
    Column("workspace_id", Uuid),
    Column("sequence", BigInteger),
    Column("occurred_at", DateTime(timezone=True)),
    Column("account_id", Uuid),
    Column("account_name", Text),
    Column("session_id", Uuid),
    Column("means", Text),
    Column("address", Text),
    Column("user_agent", Text),
    Column("real_account_id", Uuid),
    Column("real_name", Text),
    Column("action", Text),
    Column("object_type", Text),
    Column("object_id", Uuid),
    Column("label", Text),
    Column("before", JSONB(none_as_null=True)),
    Column("after", JSONB(none_as_null=True)),
    Column("outcome", Text),
    Column("times", Integer),
    Column("key_id", Text),
    Column("previous_hmac", LargeBinary),
    Column("hmac", LargeBinary),
)
