"""Every action that the trail knows, with its label and the only facts that may be kept of it.

A new action is a line here, with a class of `facts` if it has any; `UnitOfWork.record` takes no other fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar, get_type_hints
from uuid import UUID

from convosphere.core.audit.document_facts import (
    BulkFacts,
    ChunkingFacts,
    DescriptionFacts,
    RemovalFacts,
    ReviewFacts,
    RuleFacts,
    SourceFacts,
)
from convosphere.core.audit.facts import (
    AddressFacts,
    ConversationExportFacts,
    ConversationImportFacts,
    CountFacts,
    DefaultFacts,
    ExportFacts,
    FactorFacts,
    InvitationFacts,
    KeyFacts,
    LeavingFacts,
    LinkFacts,
    LinkRuleFacts,
    LongConversationFacts,
    LookFacts,
    MemberFacts,
    NameFacts,
    NoFacts,
    OwnerFacts,
    PermissionFacts,
    ProofFacts,
    QuestionRuleFacts,
    QuotaFacts,
    RefusalFacts,
    RetentionFacts,
    RewrappingFacts,
    RoleFacts,
    SessionFacts,
    SharingFacts,
    StateFacts,
    TemporaryRuleFacts,
    TimeZoneFacts,
    VerificationFacts,
    VersionFacts,
)
from convosphere.core.audit.model_facts import (
    BudgetFacts,
    ModelFacts,
    PriceFacts,
    ProviderFacts,
    PurposeFacts,
    UsageExportFacts,
)
from convosphere.core.i18n import Message, t

Fact = str | int | bool | None
Facts = TypeVar("Facts", bound=Mapping[str, object])

LONGEST_FACT = 1_000


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True)
class Action(Generic[Facts]):
    """Something that is kept in the trail.

    Args:
        name: `resource:action`; its first part is the type of the object.
        label: what an administrator reads.
        facts: which fields may stand under before and after.
    """

    name: str
    label: Message
    facts: type[Facts]

    @property
    def object_type(self) -> str:
        """What it is done to."""
        return self.name.partition(":")[0]

    def checked(self, facts: Facts | None) -> dict[str, Fact] | None:
        """Facts as they are stored.

        Raises:
            TypeError: a field is not declared, or is no plain value.
        """
        if facts is None:
            return None
        declared = get_type_hints(self.facts)
        if strange := facts.keys() - declared.keys():
            raise TypeError(f"{self.name} declares no {', '.join(sorted(strange))}")
        return {name: _plain(self.name, name, value) for name, value in facts.items()}


def _plain(action: str, name: str, value: object) -> Fact:
    if isinstance(value, UUID | StrEnum):
        return str(value)
    if isinstance(value, str):
        return tidy(value)
    if value is None or isinstance(value, bool | int):
        return value
    raise TypeError(f"{action}: {name} is a {type(value).__name__}, which the trail does not keep")


def tidy(text: str, most: int = LONGEST_FACT) -> str:
    """A text of people or programs, shortened and without unseen signs."""
    return "".join(sign for sign in text if sign.isprintable())[:most]


INSTALLATION_FOUNDED = Action("installation:found", t("Installation set up"), RefusalFacts)
ACCOUNT_CREATED = Action("account:create", t("Account created"), RoleFacts)
ACCOUNT_RENAMED = Action("account:rename", t("Name of an account changed"), NameFacts)
EMAIL_CHANGE_ASKED = Action("account:ask_email", t("Change of an e-mail address asked for"), AddressFacts)
EMAIL_CHANGED = Action("account:change_email", t("E-mail address of an account changed"), AddressFacts)
EMAIL_VERIFIED = Action("account:verify_email", t("E-mail address confirmed"), AddressFacts)
RECOVERY_ASKED = Action("account:ask_recovery", t("Link for a new password sent"), NoFacts)
RECOVERY_LINK_MADE = Action("account:make_recovery", t("Link for a new password made"), NoFacts)
ACCOUNT_RECOVERED = Action("account:recover", t("Password set anew by a link"), RefusalFacts)
SESSION_OPENED = Action("session:open", t("Sign-in"), ProofFacts)
SESSION_CONFIRMED = Action("session:confirm", t("Identity confirmed"), ProofFacts)
PASSWORD_CHANGED = Action("account:change_password", t("Password changed"), RefusalFacts)
FACTOR_ADDED = Action("account:add_factor", t("Second factor or passkey added"), FactorFacts)
FACTOR_REMOVED = Action("account:remove_factor", t("Second factor or passkey removed"), FactorFacts)
FACTORS_RESET = Action("person:reset_factors", t("Second factors of a person removed"), NoFacts)
SESSION_ENDED = Action("session:end", t("Sign-out"), SessionFacts)
INVITATION_CREATED = Action("invitation:create", t("Invitation made"), InvitationFacts)
INVITATION_RENEWED = Action("invitation:renew", t("Invitation made anew"), InvitationFacts)
INVITATION_REVOKED = Action("invitation:revoke", t("Invitation revoked"), InvitationFacts)
INVITATION_USED = Action("invitation:use", t("Invitation used"), InvitationFacts)
INVITATION_LIST_SENT = Action("invitation:send_list", t("List of people invited"), CountFacts)
PERSON_DEACTIVATED = Action("person:deactivate", t("Account deactivated"), NoFacts)
PERSON_REACTIVATED = Action("person:reactivate", t("Account reactivated"), NoFacts)
PERSON_DELETION_ASKED = Action("person:ask_delete", t("Deletion of an account asked for"), LeavingFacts)
PERSON_DELETED = Action("person:delete", t("Account deleted"), LeavingFacts)
DOCUMENT_SHARED = Action("document:share", t("Sharing of a document changed"), SharingFacts)
DOCUMENT_HANDED_OVER = Action("document:hand_over", t("Document handed over"), OwnerFacts)
DOCUMENT_FOLDER_DELETED = Action("document_folder:delete", t("Folder of documents deleted"), NoFacts)
DOCUMENT_FOLDER_SHARED = Action("document_folder:share", t("Sharing of a folder of documents changed"), SharingFacts)
TAG_DELETED = Action("tag:delete", t("Tag deleted"), NoFacts)
TAG_MERGED = Action("tag:merge", t("Tags merged"), NameFacts)
TAG_RULE_SET = Action("tag:set_rule", t("Rule of a tag set"), RuleFacts)
TAG_RULE_DELETED = Action("tag:delete_rule", t("Rule of a tag deleted"), NoFacts)
TAG_SHARED = Action("tag:share", t("Sharing of a tag changed"), SharingFacts)
COLLECTION_DELETED = Action("collection:delete", t("Collection of documents deleted"), NoFacts)
COLLECTION_SHARED = Action("collection:share", t("Sharing of a collection changed"), SharingFacts)
DOCUMENT_DELETED = Action("document:delete", t("Document deleted"), RemovalFacts)
DOCUMENT_RENEWED = Action("document:renew", t("New version of a document"), VersionFacts)
DOCUMENT_TRASHED = Action("document:trash", t("Document moved to the trash"), NoFacts)
DOCUMENT_RESTORED = Action("document:restore", t("Document taken out of the trash"), NoFacts)
DOCUMENT_DESCRIBED = Action("document:describe", t("Details of a document changed"), DescriptionFacts)
DOCUMENT_REVIEWED = Action("document:review", t("Document reviewed"), ReviewFacts)
DOCUMENT_REVIEW_SET = Action("document:set_review", t("Review date of a document set"), ReviewFacts)
SOURCE_ADDED = Action("source:add", t("Source of documents added"), SourceFacts)
SOURCE_CHANGED = Action("source:change", t("Source of documents changed"), SourceFacts)
SOURCE_DELETED = Action("source:delete", t("Source of documents deleted"), NoFacts)
DOCUMENTS_WORKED_ON = Action("document:bulk", t("Many documents worked on"), BulkFacts)
DOCUMENTS_EXPORTED = Action("document:export", t("Documents taken out as a file"), BulkFacts)
DOCUMENT_DOWNLOADED = Action("document:download", t("Document downloaded"), NoFacts)
DOCUMENT_SHOWN = Action("document:show", t("Original of a document shown"), NoFacts)
DOCUMENT_LINK_MADE = Action("document:make_link", t("Link to documents made"), LinkFacts)
DOCUMENT_LINK_REVOKED = Action("document:revoke_link", t("Link to documents revoked"), NoFacts)
DOCUMENT_LINK_OPENED = Action("document:open_link", t("Link to documents opened"), NoFacts)
DOCUMENTS_SCANNED = Action("document:scan", t("Remains of documents looked for"), CountFacts)
REMAINS_REMOVED = Action("document:clean", t("Remains of documents removed"), CountFacts)
PASSAGES_BEGUN = Action("document:make_passages", t("New passages of all documents begun"), ChunkingFacts)
PASSAGES_REPLACED = Action("document:switch_passages", t("Passages of all documents replaced"), ChunkingFacts)
PASSAGES_DROPPED = Action("document:drop_passages", t("New passages of all documents dropped"), ChunkingFacts)
QUOTA_SET = Action("storage:set_quota", t("Limit of space set"), QuotaFacts)
QUOTA_REMOVED = Action("storage:remove_quota", t("Limit of space removed"), QuotaFacts)
QUESTION_SETTLED = Action("question:settle", t("Question without an answer settled"), StateFacts)
QUESTION_RULE_SET = Action("workspace:set_questions", t("Rule for unanswered questions changed"), QuestionRuleFacts)
ASSISTANT_CREATED = Action("assistant:create", t("Assistant created"), NoFacts)
ASSISTANT_CHANGED = Action("assistant:change", t("Assistant changed"), VersionFacts)
ASSISTANT_STATE_SET = Action("assistant:set_state", t("State of an assistant changed"), StateFacts)
ASSISTANT_DELETED = Action("assistant:delete", t("Assistant deleted"), NoFacts)
ASSISTANT_RESTORED = Action("assistant:restore", t("Assistant restored"), NoFacts)
ASSISTANT_SHARED = Action("assistant:share", t("Sharing of an assistant changed"), SharingFacts)
ASSISTANT_HANDED_OVER = Action("assistant:hand_over", t("Assistant handed over"), OwnerFacts)
ASSISTANT_REVIEW_ASKED = Action("assistant:ask_review", t("Publishing of an assistant asked for"), VersionFacts)
ASSISTANT_PUBLISHED = Action("assistant:publish", t("Assistant published in the gallery"), VersionFacts)
ASSISTANT_REFUSED = Action("assistant:refuse", t("Publishing of an assistant refused"), VersionFacts)
ASSISTANT_WITHDRAWN = Action("assistant:withdraw", t("Assistant taken out of the gallery"), NoFacts)
ASSISTANT_EXPORTED = Action("assistant:export", t("Assistant exported"), VersionFacts)
ASSISTANT_IMPORTED = Action("assistant:import", t("Assistant imported"), NoFacts)
ASSISTANT_DEFAULT_SET = Action("assistant:set_default", t("Default assistant changed"), DefaultFacts)
PROMPT_CREATED = Action("prompt:create", t("Prompt created"), NoFacts)
PROMPT_CHANGED = Action("prompt:change", t("Prompt changed"), VersionFacts)
PROMPT_DELETED = Action("prompt:delete", t("Prompt deleted"), NoFacts)
PROMPT_RESTORED = Action("prompt:restore", t("Prompt restored"), NoFacts)
PROMPT_SHARED = Action("prompt:share", t("Sharing of a prompt changed"), SharingFacts)
PROMPT_HANDED_OVER = Action("prompt:hand_over", t("Prompt handed over"), OwnerFacts)
TEMPLATE_CREATED = Action("conversation_template:create", t("Template created"), NoFacts)
TEMPLATE_CHANGED = Action("conversation_template:change", t("Template changed"), VersionFacts)
TEMPLATE_DELETED = Action("conversation_template:delete", t("Template deleted"), NoFacts)
TEMPLATE_RESTORED = Action("conversation_template:restore", t("Template restored"), NoFacts)
TEMPLATE_SHARED = Action("conversation_template:share", t("Sharing of a template changed"), SharingFacts)
TEMPLATE_HANDED_OVER = Action("conversation_template:hand_over", t("Template handed over"), OwnerFacts)
PROVIDER_CREATED = Action("provider:create", t("Provider of models added"), ProviderFacts)
PROVIDER_CHANGED = Action("provider:change", t("Provider of models changed"), ProviderFacts)
PROVIDER_DELETED = Action("provider:delete", t("Provider of models deleted"), ProviderFacts)
MODEL_OFFERED = Action("model:offer", t("Model offered"), ModelFacts)
MODEL_CHANGED = Action("model:change", t("Model changed"), ModelFacts)
MODEL_REMOVED = Action("model:remove", t("Model removed"), ModelFacts)
MODEL_SHARED = Action("model:share", t("Who may use a model changed"), SharingFacts)
MODEL_PRICED = Action("model:price", t("Price of a model set"), PriceFacts)
MODEL_DEFAULT_SET = Action("model:set_default", t("Default model changed"), PurposeFacts)
LONG_CONVERSATIONS_SET = Action(
    "conversation:set_default", t("Rule for long conversations changed"), LongConversationFacts
)
TEMPORARY_RULE_SET = Action("conversation:set_temporary", t("Rule for temporary chats changed"), TemporaryRuleFacts)
RETENTION_SET = Action("conversation:set_retention", t("Rule for unused conversations changed"), RetentionFacts)
CONVERSATIONS_RETIRED = Action(
    "conversation:retire", t("Unused conversations archived or deleted by rule"), RetentionFacts
)
CONVERSATION_READ = Action("conversation:read", t("Conversation read while looking as its owner"), NoFacts)
CONVERSATION_DELETED = Action("conversation:delete", t("Conversation deleted"), NoFacts)
CONVERSATION_EXPORTED = Action("conversation:export", t("Conversations exported"), ConversationExportFacts)
CONVERSATIONS_IMPORTED = Action("conversation:import", t("Conversations imported"), ConversationImportFacts)
CONVERSATION_RESTORED = Action("conversation:restore", t("Conversation restored"), NoFacts)
CONVERSATION_SHARED = Action("conversation:share", t("Sharing of a conversation changed"), SharingFacts)
CONVERSATION_LINK_MADE = Action("conversation:make_link", t("Link to a conversation made"), LinkFacts)
CONVERSATION_LINK_REVOKED = Action("conversation:revoke_link", t("Link to a conversation revoked"), NoFacts)
LINK_RULE_SET = Action("workspace:set_links", t("Rule for links to conversations changed"), LinkRuleFacts)
FOLDER_DELETED = Action("conversation_folder:delete", t("Folder of conversations deleted"), NoFacts)
FOLDER_SHARED = Action("conversation_folder:share", t("Sharing of a folder of conversations changed"), SharingFacts)
GROUP_CREATED = Action("group:create", t("Group created"), NameFacts)
GROUP_CHANGED = Action("group:change", t("Group changed"), NameFacts)
GROUP_DELETED = Action("group:delete", t("Group deleted"), NameFacts)
GROUP_MEMBER_ADDED = Action("group:add_member", t("Added to a group"), MemberFacts)
GROUP_MEMBER_REMOVED = Action("group:remove_member", t("Removed from a group"), MemberFacts)
LOOK_STARTED = Action("person:look_as", t("Began to look as a person"), LookFacts)
LOOK_ENDED = Action("person:look_back", t("Stopped looking as a person"), NoFacts)
ROLE_CREATED = Action("role:create", t("Role created"), PermissionFacts)
ROLE_CHANGED = Action("role:change", t("Role changed"), PermissionFacts)
ROLE_DELETED = Action("role:delete", t("Role deleted"), NoFacts)
ROLE_GIVEN = Action("person:give_role", t("Role of a person changed"), RoleFacts)
SECRETS_REWRAPPED = Action("secret:rewrap", t("Key of stored secrets changed"), RewrappingFacts)
KEY_CREATED = Action("key:create", t("Key for programs made"), KeyFacts)
KEY_REVOKED = Action("key:revoke", t("Key for programs revoked"), NoFacts)
TOKEN_ISSUED = Action("token:issue", t("Tokens given for a key"), KeyFacts)
TOKEN_REVOKED = Action("token:revoke", t("Tokens revoked"), RefusalFacts)
SIGNING_KEY_MADE = Action("signing_key:create", t("Signing key made"), NoFacts)
TRAIL_EXPORTED = Action("audit:export", t("Audit trail exported"), ExportFacts)
TRAIL_VERIFIED = Action("audit:verify", t("Audit trail verified"), VerificationFacts)
BUDGET_CREATED = Action("budget:create", t("Budget made"), BudgetFacts)
BUDGET_CHANGED = Action("budget:change", t("Budget changed"), BudgetFacts)
BUDGET_DELETED = Action("budget:delete", t("Budget deleted"), BudgetFacts)
TIME_ZONE_CHANGED = Action("workspace:change_time_zone", t("Time zone of the workspace changed"), TimeZoneFacts)
USAGE_EXPORTED = Action("usage:export", t("Usage exported"), UsageExportFacts)
PERMISSION_REFUSED = Action("permission:refuse", t("Access refused"), RefusalFacts)

ACTIONS: dict[str, Action[Mapping[str, object]]] = {
    action.name: action for action in tuple(globals().values()) if isinstance(action, Action)
}
"""All of them by name."""
