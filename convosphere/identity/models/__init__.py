"""The tables of people and their rights."""

from convosphere.identity.models.invitations import Invitation
from convosphere.identity.models.people import Account, Installation, Membership, SetUpToken, Workspace
from convosphere.identity.models.rights import AccessGrant
from convosphere.identity.models.sessions import WebSession

__all__ = [
    "AccessGrant",
    "Account",
    "Installation",
    "Invitation",
    "Membership",
    "SetUpToken",
    "WebSession",
    "Workspace",
]
