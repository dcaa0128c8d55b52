"""Tables of templates."""

from uuid import UUID

from sqlmodel import Field

from convosphere.creations.models import Creation, CreationVersion


class ConversationTemplate(Creation, table=True):
    """A template of a person. What began with it has copies of its own."""


class ConversationTemplateVersion(CreationVersion, table=True):
    """What a template was at a time."""

    conversation_template_id: UUID = Field(foreign_key="conversation_template.id")
