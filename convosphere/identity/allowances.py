"""What each permission allows, in plain words, by what it is about."""

from dataclasses import dataclass

from convosphere.core.i18n import Message, t
from convosphere.core.permissions import Permission


@dataclass(frozen=True)
class Allowance:
    """A permission in words."""

    permission: Permission
    label: Message
    description: Message


@dataclass(frozen=True)
class Area:
    """Permissions about one thing."""

    title: Message
    allowances: tuple[Allowance, ...]


AREAS: tuple[Area, ...] = (
    Area(
        t("Conversations"),
        (
            Allowance(
                Permission.CONVERSATION_READ,
                t("Read conversations"),
                t("Opens their own conversations and what is cited in them."),
            ),
            Allowance(
                Permission.CONVERSATION_WRITE,
                t("Chat"),
                t("Asks questions, renames and deletes their own conversations."),
            ),
            Allowance(
                Permission.CONVERSATION_EXPORT,
                t("Export conversations"),
                t("Takes out their own conversations as files, one or many."),
            ),
            Allowance(
                Permission.CONVERSATION_SHARE,
                t("Share conversations and folders"),
                t("Decides who may see, use and change conversations and folders that they manage."),
            ),
        ),
    ),
    Area(
        t("Assistants"),
        (
            Allowance(
                Permission.ASSISTANT_READ,
                t("Use assistants"),
                t("Finds assistants that they have, and asks them."),
            ),
            Allowance(
                Permission.ASSISTANT_WRITE,
                t("Build assistants"),
                t("Makes assistants, and changes and deletes those that they manage."),
            ),
            Allowance(
                Permission.ASSISTANT_SHARE,
                t("Share assistants"),
                t("Decides who may ask, change and manage assistants that they manage."),
            ),
            Allowance(
                Permission.ASSISTANT_REVIEW,
                t("Review assistants for the gallery"),
                t("Reads what is to be published, and decides what stands in the gallery of the workspace."),
            ),
        ),
    ),
    Area(
        t("Prompts"),
        (
            Allowance(
                Permission.PROMPT_READ,
                t("Use prompts"),
                t("Finds prompts that they have, and puts them into the composer."),
            ),
            Allowance(
                Permission.PROMPT_WRITE,
                t("Write prompts"),
                t("Makes prompts, and changes and deletes those that they manage."),
            ),
            Allowance(
                Permission.PROMPT_SHARE,
                t("Share prompts"),
                t("Decides who may use, change and manage prompts that they manage."),
            ),
        ),
    ),
    Area(
        t("Templates"),
        (
            Allowance(
                Permission.TEMPLATE_READ,
                t("Use templates"),
                t("Finds templates that they have, and begins chats with them."),
            ),
            Allowance(
                Permission.TEMPLATE_WRITE,
                t("Write templates"),
                t("Makes templates, and changes and deletes those that they manage."),
            ),
            Allowance(
                Permission.TEMPLATE_SHARE,
                t("Share templates"),
                t("Decides who may use, change and manage templates that they manage."),
            ),
        ),
    ),
    Area(
        t("Documents"),
        (
            Allowance(
                Permission.DOCUMENT_READ,
                t("Read documents"),
                t("Sees, searches and downloads documents that they have."),
            ),
            Allowance(
                Permission.DOCUMENT_WRITE,
                t("Add documents"),
                t("Uploads documents, and changes and deletes those that they manage."),
            ),
            Allowance(
                Permission.DOCUMENT_SHARE,
                t("Share documents"),
                t("Decides who sees documents that they manage, and finds people and groups by name for it."),
            ),
            Allowance(
                Permission.SOURCE_WRITE,
                t("Add sources"),
                t("Has documents come by themselves from web sites, feeds and other servers."),
            ),
            Allowance(
                Permission.SOURCE_MANAGE,
                t("Watch directories of the server"),
                t("Has documents come from directories that whoever runs ConvoSphere opened for it."),
            ),
            Allowance(
                Permission.KNOWLEDGE_MANAGE,
                t("Look after knowledge"),
                t("Sees how documents are and what they did not answer, cleans up, and decides on space."),
            ),
        ),
    ),
    Area(
        t("Their own account"),
        (
            Allowance(Permission.ACCOUNT_USE, t("Sign in"), t("Uses the workspace. Every role has this.")),
            Allowance(
                Permission.ACCOUNT_WRITE,
                t("Change their account"),
                t("Changes their own name, password and devices. Every role has this."),
            ),
            Allowance(
                Permission.KEY_MANAGE,
                t("Keys for programs"),
                t("Makes keys with which programs act in their name, with no more than their rights."),
            ),
        ),
    ),
    Area(
        t("People"),
        (
            Allowance(
                Permission.PERSON_READ, t("See people"), t("Sees everybody's address, role, groups and activity.")
            ),
            Allowance(Permission.PERSON_INVITE, t("Invite people"), t("Makes and sends invitations to the workspace.")),
            Allowance(
                Permission.PERSON_MANAGE,
                t("Manage people"),
                t("Gives roles, deactivates and deletes accounts, and ends sessions of others."),
            ),
            Allowance(
                Permission.PERSON_LOOK,
                t("Look as somebody"),
                t("Sees the workspace as a person does who may do no more, without changing anything; it is recorded."),
            ),
            Allowance(
                Permission.GROUP_MANAGE, t("Manage groups"), t("Makes, changes and deletes groups, and who is in them.")
            ),
        ),
    ),
    Area(
        t("Workspace"),
        (
            Allowance(
                Permission.ROLE_MANAGE,
                t("Manage roles"),
                t("Decides what roles allow, as far as they may do it themselves."),
            ),
            Allowance(
                Permission.USAGE_READ,
                t("See usage and cost"),
                t("Sees what each person, group, assistant and model used and cost."),
            ),
            Allowance(
                Permission.BUDGET_MANAGE,
                t("Manage budgets"),
                t("Decides how much people, groups and assistants may use."),
            ),
            Allowance(
                Permission.MODEL_MANAGE,
                t("Manage models"),
                t("Connects providers with their keys, and decides who may use which model and what it costs."),
            ),
            Allowance(Permission.AUDIT_READ, t("Read the audit trail"), t("Sees who did what, when and from where.")),
            Allowance(
                Permission.WORKSPACE_MANAGE, t("Manage the workspace"), t("Changes settings that hold for everybody.")
            ),
        ),
    ),
)
