"""The only facts that may be kept of each action.

Facts are names, levels, counts and ids; never what people wrote, what documents say, passwords or tokens.
"""

from typing import TypedDict
from uuid import UUID


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


class LongConversationFacts(TypedDict, total=False):
    """What becomes of conversations that are longer than their model reads."""

    when_full: str


class LinkFacts(TypedDict, total=False):
    """For whom a link opens, `workspace` or `anyone`, and how many days it works; without them until it is revoked."""

    shared_with: str
    days: int


class LinkRuleFacts(TypedDict, total=False):
    """Whether links may open for anybody."""

    allows_anyone: bool


class QuotaFacts(TypedDict, total=False):
    """How much space may be taken, and by whom: everyone, group or person."""

    megabytes: int
    shared_with: str


class QuestionRuleFacts(TypedDict, total=False):
    """Whether questions that documents did not answer are kept."""

    is_kept: bool


class TemporaryRuleFacts(TypedDict, total=False):
    """Whether there are temporary conversations."""

    temporary: str


class RetentionFacts(TypedDict, total=False):
    """How long conversations are kept that nobody uses, and how many a rule has touched."""

    days: int | None
    act: str
    spares_pinned: bool
    spares_shared: bool
    count: int


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


class ConversationExportFacts(TypedDict, total=False):
    """How many conversations were taken out, and as what."""

    format: str
    count: int


class ConversationImportFacts(TypedDict, total=False):
    """How many conversations came in, and from which product."""

    source: str
    count: int


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


class TimeZoneFacts(TypedDict, total=False):
    """Where days begin."""

    time_zone: str
