"""Templates as something that people make and share."""

from typing import Final

from convosphere.core.audit.actions import (
    TEMPLATE_CHANGED,
    TEMPLATE_CREATED,
    TEMPLATE_DELETED,
    TEMPLATE_HANDED_OVER,
    TEMPLATE_RESTORED,
    TEMPLATE_SHARED,
)
from convosphere.core.i18n import t
from convosphere.core.permissions import Permission
from convosphere.creations.schemas import CreationActions, CreationKind, CreationWords
from convosphere.templates.errors import TemplateNotFoundError
from convosphere.templates.models import ConversationTemplate, ConversationTemplateVersion
from convosphere.templates.schemas import OBJECT_TYPE, Definition


def _take_face(template: ConversationTemplate, definition: Definition) -> None:
    template.name, template.description = definition.name, definition.description


TEMPLATES: Final = CreationKind(
    object_type=OBJECT_TYPE,
    things=ConversationTemplate,
    versions=ConversationTemplateVersion,
    definition=Definition,
    missing=TemplateNotFoundError,
    take_face=_take_face,
    actions=CreationActions(
        created=TEMPLATE_CREATED,
        changed=TEMPLATE_CHANGED,
        deleted=TEMPLATE_DELETED,
        restored=TEMPLATE_RESTORED,
        shared=TEMPLATE_SHARED,
        handed_over=TEMPLATE_HANDED_OVER,
    ),
    words=CreationWords(
        own=lambda count: t("Templates that nobody else uses: {count}", count=count),
        shared=lambda count: t("Templates that are shared: {count}", count=count),
    ),
    read=Permission.TEMPLATE_READ,
    share=Permission.TEMPLATE_SHARE,
    purge_task="templates.purge_template",
)
