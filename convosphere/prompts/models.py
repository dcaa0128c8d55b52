"""Tables of prompts."""

from uuid import UUID

from sqlmodel import Field

from convosphere.creations.models import Creation, CreationVersion


class Prompt(Creation, table=True):
    """A prompt of a person."""

    command: str = ""
    """What it is called by, `/command`; two prompts may have the same."""


class PromptVersion(CreationVersion, table=True):
    """What a prompt was at a time."""

    prompt_id: UUID = Field(foreign_key="prompt.id")
