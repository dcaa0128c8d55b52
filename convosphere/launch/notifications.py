"""All that people can be told of: what the packages declare, collected for the processes."""

from convosphere.assistants.queries.access import OBJECT_TYPE as ASSISTANT
from convosphere.assistants.service.telling import (
    ASSISTANT_NOTIFICATIONS,
    ASSISTANT_SHARED,
    fetch_assistants,
    fetch_reviews,
)
from convosphere.chat.folders import OBJECT_TYPE as FOLDER
from convosphere.chat.service.telling import (
    CHAT_NOTIFICATIONS,
    CONVERSATION,
    CONVERSATION_SHARED,
    FOLDER_SHARED,
    fetch_conversations,
    fetch_folders,
)
from convosphere.identity.service.grants import GrantKinds
from convosphere.knowledge.queries.documents import OBJECT_TYPE as DOCUMENT
from convosphere.knowledge.service.telling import DOCUMENT_NOTIFICATIONS, DOCUMENT_SHARED, fetch_documents
from convosphere.knowledge.sources.telling import SOURCE_NOTIFICATIONS
from convosphere.notifications.kinds import NotificationKinds, SubjectTypes
from convosphere.notifications.service.sharing import tell_of_sharing
from convosphere.playground.service.telling import PLAYGROUND_NOTIFICATIONS, RUN_ENDED, fetch_runs
from convosphere.prompts.queries.prompts import OBJECT_TYPE as PROMPT
from convosphere.prompts.service.telling import PROMPT_NOTIFICATIONS, PROMPT_SHARED, fetch_prompts
from convosphere.questions.service import QUESTION_NOTIFICATIONS, SUBJECT, fetch_questions
from convosphere.templates.schemas import OBJECT_TYPE as TEMPLATE
from convosphere.templates.service.telling import TEMPLATE_NOTIFICATIONS, TEMPLATE_SHARED, fetch_templates
from convosphere.usage.service.telling import USAGE_NOTIFICATIONS

_SHARED = {
    DOCUMENT: DOCUMENT_SHARED,
    ASSISTANT: ASSISTANT_SHARED,
    PROMPT: PROMPT_SHARED,
    TEMPLATE: TEMPLATE_SHARED,
    CONVERSATION: CONVERSATION_SHARED,
    FOLDER: FOLDER_SHARED,
}


def register_notifications() -> None:
    """Let people be told. Each process calls it once, before anything is told or shown."""
    NotificationKinds.register(
        *CHAT_NOTIFICATIONS,
        *DOCUMENT_NOTIFICATIONS,
        *SOURCE_NOTIFICATIONS,
        *QUESTION_NOTIFICATIONS,
        *ASSISTANT_NOTIFICATIONS,
        *PROMPT_NOTIFICATIONS,
        *TEMPLATE_NOTIFICATIONS,
        *PLAYGROUND_NOTIFICATIONS,
        *USAGE_NOTIFICATIONS,
    )
    SubjectTypes.register(CONVERSATION, fetch_conversations)
    SubjectTypes.register(FOLDER, fetch_folders)
    SubjectTypes.register(DOCUMENT, fetch_documents)
    SubjectTypes.register(SUBJECT, fetch_questions)
    SubjectTypes.register(ASSISTANT, fetch_assistants)
    SubjectTypes.register("assistant_review", fetch_reviews)
    SubjectTypes.register(RUN_ENDED.subject_type, fetch_runs)
    SubjectTypes.register(PROMPT, fetch_prompts)
    SubjectTypes.register(TEMPLATE, fetch_templates)
    GrantKinds.listen("notifications", tell_of_sharing(_SHARED))
