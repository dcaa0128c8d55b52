"""Notifications as the browser gets them."""

from collections.abc import Sequence
from typing import TypedDict

from convosphere.core.i18n import Value
from convosphere.notifications.schemas import NotificationRow


class NotificationItem(TypedDict):
    """A line of the panel; `route` is empty where there is nothing to go to."""

    id: str
    kind: str
    face: str
    message: dict[str, str | dict[str, Value]]
    route: str
    at: str
    is_read: bool


def notification_items(rows: Sequence[NotificationRow]) -> list[NotificationItem]:
    """Lines in the order of the rows."""
    return [
        NotificationItem(
            id=str(row.id),
            kind=row.kind,
            face=row.face,
            message=row.message.as_dict(),
            route=row.route,
            at=row.created_at.isoformat(),
            is_read=row.is_read,
        )
        for row in rows
    ]
