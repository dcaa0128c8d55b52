"""Names of the pages' addresses: the one place where navigation and registration meet."""

from typing import Final

HOME: Final = "/"
CHAT: Final = "/chat"
SHARED: Final = "/shared"
SHARED_DOCUMENTS: Final = "/shared/documents"
TEMPORARY_CHAT: Final = "/chat?temporary=1"
CHAT_PAGE: Final = "/chat/[[conversation_id]]"
SIDE: Final = "/side"
KNOWLEDGE: Final = "/knowledge"
KNOWLEDGE_JOBS: Final = "/knowledge/jobs"
KNOWLEDGE_TRASH: Final = "/knowledge/trash"
KNOWLEDGE_TAGS: Final = "/knowledge/tags"
KNOWLEDGE_SOURCES: Final = "/knowledge/sources"
KNOWLEDGE_QUESTIONS: Final = "/knowledge/questions"
KNOWLEDGE_HEALTH: Final = "/knowledge/health"
KNOWLEDGE_DUPLICATES: Final = "/knowledge/duplicates"
KNOWLEDGE_PASSAGES: Final = "/knowledge/passages"
KNOWLEDGE_STALE: Final = "/knowledge/stale"
DOCUMENT: Final = "/knowledge/[document_id]"
ASSISTANTS: Final = "/assistants"
ASSISTANT: Final = "/assistants/[assistant_id]"
PLAYGROUND: Final = "/assistants/[assistant_id]/playground"
NEW_ASSISTANT: Final = "/assistants/new"
ASSISTANT_QUALITY: Final = "/assistants/[assistant_id]/quality"
PROMPTS: Final = "/prompts"
PROMPT: Final = "/prompts/[prompt_id]"
NEW_PROMPT: Final = "/prompts/new"
TEMPLATES: Final = "/templates"
TEMPLATE: Final = "/templates/[template_id]"
NEW_TEMPLATE: Final = "/templates/new"
SIGN_IN: Final = "/sign-in"
SECOND_STEP: Final = "/sign-in/confirm"
SIGN_UP: Final = "/sign-up"
SET_UP: Final = "/set-up"
FORGOT: Final = "/forgot-password"
RECOVER: Final = "/recover"
VERIFY: Final = "/verify"
UNSUBSCRIBE: Final = "/unsubscribe"
ACCOUNT: Final = "/account"
SECURITY: Final = "/account/security"
NOTIFICATIONS: Final = "/account/notifications"
OWN_USAGE: Final = "/account/usage"
PEOPLE: Final = "/admin/people"
PERSON: Final = "/admin/people/[person_id]"
GROUPS: Final = "/admin/groups"
ROLES: Final = "/admin/roles"
AUDIT: Final = "/admin/audit"
MODELS: Final = "/admin/models"
USAGE: Final = "/admin/usage"
QUALITY: Final = "/admin/quality"
CHAT_RULES: Final = "/admin/conversations"


def conversation(conversation_id: str) -> str:
    """Address of one conversation; takes a var's text as well."""
    return f"{CHAT}/{conversation_id}"


def beside_folder(folder_id: str) -> str:
    """Address of a new conversation, with what lies in a folder of conversations in the list beside it."""
    return f"{CHAT}?shelf={folder_id}"


def document(document_id: str) -> str:
    """Address of one document; takes a var's text as well."""
    return f"{KNOWLEDGE}/{document_id}"


def document_at(document_id: str, place: str) -> str:
    """Address of one document at a passage of it; takes vars' texts as well."""
    return f"{document(document_id)}?passage={place}"


def document_versions(document_id: str) -> str:
    """Address of the versions of one document; takes a var's text as well."""
    return f"{document(document_id)}#versions"


def person(person_id: str) -> str:
    """Address of one person's page of administration; takes a var's text as well."""
    return f"{PEOPLE}/{person_id}"


def assistant(assistant_id: str) -> str:
    """Address of one assistant; takes a var's text as well."""
    return f"{ASSISTANTS}/{assistant_id}"


def assistant_quality(assistant_id: str) -> str:
    """Address of how an assistant did; takes a var's text as well."""
    return f"{assistant(assistant_id)}/quality"


def playground(assistant_id: str) -> str:
    """Address of where an assistant is tried out; takes a var's text as well."""
    return f"{assistant(assistant_id)}/playground"


def chat_with(assistant_id: str) -> str:
    """Address of a new conversation with an assistant; takes a var's text as well."""
    return f"{CHAT}?assistant={assistant_id}"


def prompt(prompt_id: str) -> str:
    """Address of one prompt; takes a var's text as well."""
    return f"{PROMPTS}/{prompt_id}"


def chat_with_prompt(prompt_id: str) -> str:
    """Address of a new conversation that begins with a prompt; takes a var's text as well."""
    return f"{CHAT}?prompt={prompt_id}"


def ask_again(question_id: str) -> str:
    """Address of a new conversation that begins with what one asked before; takes a var's text as well."""
    return f"{CHAT}?again={question_id}"


def template(template_id: str) -> str:
    """Address of one template; takes a var's text as well."""
    return f"{TEMPLATES}/{template_id}"
