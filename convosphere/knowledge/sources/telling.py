"""What people are told of their sources."""

from typing import Final

from convosphere.core.i18n import t
from convosphere.core.page_routes import KNOWLEDGE_SOURCES
from convosphere.core.permissions import Permission
from convosphere.notifications.schemas import NotificationKind

SOURCE_PAUSED: Final = NotificationKind(
    "source_paused",
    t("A source of mine was paused"),
    t("The source “{source}” failed {times} times in a row and is paused."),
    "document",
    route=KNOWLEDGE_SOURCES,
    renews=True,
    is_own=True,
    needs=Permission.DOCUMENT_READ,
)
SOURCE_NOTIFICATIONS: Final = (SOURCE_PAUSED,)
