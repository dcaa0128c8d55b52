"""The tables of people and their rights."""

from convosphere.identity.models.factors import Passkey, RecoveryCode, TotpSecret
from convosphere.identity.models.invitations import AccountLink, Invitation, InvitationList
from convosphere.identity.models.keys import ApiKey, RefreshToken, RevokedToken, SigningKey
from convosphere.identity.models.people import (
    Account,
    Avatar,
    Installation,
    Membership,
    PersonDeletion,
    SetUpToken,
    Workspace,
)
from convosphere.identity.models.rights import AccessGrant, EffectiveGroup, GroupMember, PersonGroup, WorkspaceRole
from convosphere.identity.models.sessions import SignInStep, WebSession

__all__ = [
    "AccessGrant",
    "Account",
    "AccountLink",
    "ApiKey",
    "Avatar",
    "EffectiveGroup",
    "GroupMember",
    "Installation",
    "Invitation",
    "InvitationList",
    "Membership",
    "Passkey",
    "PersonDeletion",
    "PersonGroup",
    "RecoveryCode",
    "RefreshToken",
    "RevokedToken",
    "SetUpToken",
    "SignInStep",
    "SigningKey",
    "TotpSecret",
    "WebSession",
    "Workspace",
    "WorkspaceRole",
]
