"""Every action that the trail knows, with its label and the only facts that may be kept of it.

Facts are names, levels, counts and ids; never what people wrote, what documents say, passwords or tokens. A new action
is a line here, with a class of facts if it has any; `UnitOfWork.record` takes no other fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypedDict, TypeVar, get_type_hints
from uuid import UUID

from convosphere.core.i18n import Message, t

Fact = str | int | bool | None
Facts = TypeVar("Facts", bound=Mapping[str, object])

LONGEST_FACT = 1_000


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class NoFacts(TypedDict):
    """Nothing beside who, when and what."""


class RoleFacts(TypedDict, total=False):
    """What somebody is."""

    role: str


class InvitationFacts(TypedDict, total=False):
    """Whom an invitation lets in as what. An empty address: whoever has the link."""

    role: str
    email: str
    expires_at: str


class SharingFacts(TypedDict, total=False):
    """Who may use a thing beside its owner: `everyone`, `nobody`, a `person` or a `group`, and how much."""

    shared_with: str
    subject: UUID
    level: str
    is_denied: bool


class AddressFacts(TypedDict, total=False):
    """The e-mail address of an account."""

    email: str


class NameFacts(TypedDict, total=False):
    """What something is called."""

    name: str


class PermissionFacts(TypedDict, total=False):
    """What a role allows, by the names of permissions, and whether it asks for a second factor."""

    permissions: str
    requires_second_factor: bool


class MemberFacts(TypedDict, total=False):
    """Who is in a group."""

    member: UUID
    is_manager: bool


class LookFacts(TypedDict, total=False):
    """When looking as somebody ends by itself."""

    until: str


class SessionFacts(TypedDict, total=False):
    """Whose session it was, where somebody else ended it."""

    person: UUID


class CountFacts(TypedDict, total=False):
    """How many it was done for."""

    count: int


class LeavingFacts(TypedDict, total=False):
    """Who gets what somebody shared; nobody: it is deleted."""

    heir: UUID | None


class KeyFacts(TypedDict, total=False):
    """What a key for programs may do, by the names of permissions, and for how many days."""

    scopes: str
    days: int | None


class OwnerFacts(TypedDict, total=False):
    """Whose a thing is."""

    owner: UUID


class VersionFacts(TypedDict, total=False):
    """Which version of a thing counts."""

    version: int


class StateFacts(TypedDict, total=False):
    """What state a thing is in, by its name."""

    state: str


class DefaultFacts(TypedDict, total=False):
    """For whom something stands where nobody chose: a `person`, a `group` or the `workspace`."""

    default_for: str
    subject: UUID


class ProviderFacts(TypedDict, total=False):
    """How a provider of models is reached; of its key only whether there is another one."""

    kind: str
    name: str
    address: str
    is_enabled: bool
    has_new_key: bool


class ModelFacts(TypedDict, total=False):
    """A model by its public id, and what is decided of it."""

    model: str
    name: str
    is_enabled: bool
    is_restricted: bool
    capabilities: str
    fallbacks: str


class PriceFacts(TypedDict, total=False):
    """What a model costs, in units of the currency for a million tokens, and where that was taken from."""

    price_source: str
    input_price: str
    output_price: str
    cached_price: str
    currency: str
    since: str


class LongConversationFacts(TypedDict, total=False):
    """What becomes of conversations that are longer than their model reads."""

    when_full: str


class PurposeFacts(TypedDict, total=False):
    """Which model does something."""

    purpose: str
    model: str


class RefusalFacts(TypedDict, total=False):
    """What was lacking, or the code of the error."""

    permission: str
    reason: str


class ProofFacts(TypedDict, total=False):
    """How somebody proved who they are (`password+totp`, `passkey` ...), or why that was not enough."""

    method: str
    reason: str


class FactorFacts(TypedDict, total=False):
    """What somebody can prove themselves with from now on, or no more: `totp`, `passkey`, `recovery`, or all of it."""

    factor: str
    reason: str


class RewrappingFacts(TypedDict, total=False):
    """How many secrets got another key, and how many keys went."""

    rewrapped: int
    dropped: int


class ExportFacts(TypedDict, total=False):
    """What of the trail was taken out."""

    format: str
    of_installation: bool
    name: str
    account: UUID | None
    action: str
    object: UUID | None
    label: str
    outcome: str
    since: str
    until: str


class VerificationFacts(TypedDict, total=False):
    """How many entries are right, which is the first that is not, and what heads say."""

    entries: int
    broken_at: int | None
    fault: str
    installation_entries: int
    installation_broken_at: int | None
    installation_fault: str
    damaged_heads: int
    heads_since: str
    newest_head: str


class BudgetFacts(TypedDict, total=False):
    """How much may be used, by whom and in which time; amounts in words such as `12.50 USD`."""

    name: str
    amount: str
    period: str
    shared_with: str
    subject: UUID | None
    is_per_person: bool
    is_hard: bool
    warn_at: str


class TimeZoneFacts(TypedDict, total=False):
    """Where days begin."""

    time_zone: str


class UsageExportFacts(TypedDict, total=False):
    """Which days were taken out."""

    since: str
    until: str


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
DOCUMENT_DELETED = Action("document:delete", t("Document deleted"), NoFacts)
ASSISTANT_CREATED = Action("assistant:create", t("Assistant created"), NoFacts)
ASSISTANT_CHANGED = Action("assistant:change", t("Assistant changed"), VersionFacts)
ASSISTANT_STATE_SET = Action("assistant:set_state", t("State of an assistant changed"), StateFacts)
ASSISTANT_DELETED = Action("assistant:delete", t("Assistant deleted"), NoFacts)
ASSISTANT_RESTORED = Action("assistant:restore", t("Assistant restored"), NoFacts)
ASSISTANT_SHARED = Action("assistant:share", t("Sharing of an assistant changed"), SharingFacts)
ASSISTANT_HANDED_OVER = Action("assistant:hand_over", t("Assistant handed over"), OwnerFacts)
ASSISTANT_DEFAULT_SET = Action("assistant:set_default", t("Default assistant changed"), DefaultFacts)
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
CONVERSATION_READ = Action("conversation:read", t("Conversation read while looking as its owner"), NoFacts)
CONVERSATION_DELETED = Action("conversation:delete", t("Conversation deleted"), NoFacts)
CONVERSATION_RESTORED = Action("conversation:restore", t("Conversation restored"), NoFacts)
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
