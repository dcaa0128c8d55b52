"""Prompts as something that people make and share."""

from typing import Final

from convosphere.core.audit.actions import (
    PROMPT_CHANGED,
    PROMPT_CREATED,
    PROMPT_DELETED,
    PROMPT_HANDED_OVER,
    PROMPT_RESTORED,
    PROMPT_SHARED,
)
from convosphere.core.i18n import t
from convosphere.core.permissions import Permission
from convosphere.creations.schemas import CreationActions, CreationKind, CreationWords
from convosphere.prompts.errors import PromptNotFoundError
from convosphere.prompts.models import Prompt, PromptVersion
from convosphere.prompts.schemas import Definition


def _take_face(prompt: Prompt, definition: Definition) -> None:
    prompt.name, prompt.command, prompt.description = definition.name, definition.command, definition.description


PROMPTS: Final = CreationKind(
    object_type="prompt",
    things=Prompt,
    versions=PromptVersion,
    definition=Definition,
    missing=PromptNotFoundError,
    take_face=_take_face,
    actions=CreationActions(
        created=PROMPT_CREATED,
        changed=PROMPT_CHANGED,
        deleted=PROMPT_DELETED,
        restored=PROMPT_RESTORED,
        shared=PROMPT_SHARED,
        handed_over=PROMPT_HANDED_OVER,
    ),
    words=CreationWords(
        own=lambda count: t("Prompts that nobody else uses: {count}", count=count),
        shared=lambda count: t("Prompts that are shared: {count}", count=count),
    ),
    read=Permission.PROMPT_READ,
    share=Permission.PROMPT_SHARE,
    purge_task="prompts.purge_prompt",
)
