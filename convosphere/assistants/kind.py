"""Assistants as something that people make and share."""

from collections.abc import Mapping
from typing import Final

from convosphere.assistants.errors import AssistantNotFoundError
from convosphere.assistants.models import Assistant, AssistantVersion
from convosphere.assistants.queries.access import OBJECT_TYPE, may
from convosphere.assistants.schemas import Definition
from convosphere.assistants.service.handles import handle_of
from convosphere.core.audit.actions import (
    ASSISTANT_CHANGED,
    ASSISTANT_CREATED,
    ASSISTANT_DELETED,
    ASSISTANT_HANDED_OVER,
    ASSISTANT_RESTORED,
    ASSISTANT_SHARED,
)
from convosphere.core.i18n import t
from convosphere.core.permissions import Permission
from convosphere.creations.schemas import CreationActions, CreationKind, CreationWords


def take_face(assistant: Assistant, definition: Definition) -> None:
    """Show an assistant in lists as a definition says."""
    assistant.name, assistant.handle = definition.name, handle_of(definition.name)
    assistant.description, assistant.category = definition.description, definition.category
    assistant.icon, assistant.color = definition.icon, definition.color


def _take_newest_face(assistant: Assistant, definition: Definition) -> None:
    """What stands in the gallery keeps the face that was reviewed."""
    if assistant.published_version_id is None:
        take_face(assistant, definition)


def _face_of(definition: Definition) -> Mapping[str, str]:
    """For answers, which show who gave them as it was."""
    return {"name": definition.name, "icon": definition.icon, "color": definition.color}


ASSISTANTS: Final = CreationKind(
    object_type=OBJECT_TYPE,
    things=Assistant,
    versions=AssistantVersion,
    definition=Definition,
    missing=AssistantNotFoundError,
    take_face=_take_newest_face,
    actions=CreationActions(
        created=ASSISTANT_CREATED,
        changed=ASSISTANT_CHANGED,
        deleted=ASSISTANT_DELETED,
        restored=ASSISTANT_RESTORED,
        shared=ASSISTANT_SHARED,
        handed_over=ASSISTANT_HANDED_OVER,
    ),
    words=CreationWords(
        own=lambda count: t("Assistants that nobody else uses: {count}", count=count),
        shared=lambda count: t("Assistants that are shared: {count}", count=count),
    ),
    read=Permission.ASSISTANT_READ,
    share=Permission.ASSISTANT_SHARE,
    purge_task="assistants.purge_assistant",
    more_of=_face_of,
    rule=may,
)
