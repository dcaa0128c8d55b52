"""The beginning of an installation: one workspace, one owner."""

from datetime import timedelta

from convosphere.core.audit.actions import INSTALLATION_FOUNDED
from convosphere.core.audit.refusals import refused
from convosphere.core.authorization import require
from convosphere.core.identifiers import hash_token, new_id, new_token
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.errors import LinkInvalidError
from convosphere.identity.passwords import hash_password
from convosphere.identity.queries import founding as founding_queries
from convosphere.identity.roles import Role
from convosphere.identity.schemas import Client, NewAccount, SignedIn
from convosphere.identity.service.new_accounts import checked_account
from convosphere.identity.service.people import add_account, checked_name
from convosphere.identity.service.sessions import open_session

SET_UP_MINUTES = 30


async def issue_set_up_token() -> str | None:
    """A fresh set-up token, or None when the installation has an owner. Tokens issued before stop working."""
    token = new_token()
    async with unit_of_work(ANONYMOUS) as uow:
        if await founding_queries.get_founded_workspace(uow) is not None:
            return None
        await founding_queries.replace_set_up_token(
            uow, hash_token(token), utc_now() + timedelta(minutes=SET_UP_MINUTES)
        )
    return token


async def set_up(token: str, workspace_name: str, new: NewAccount, client: Client) -> SignedIn:
    """Found the installation's workspace with its owner, and sign the owner in.

    Raises:
        LinkInvalidError: the token does not work, or there is an owner.
    """
    new = checked_account(new, workspace_name)
    password_hash = await hash_password(new.password)
    async with unit_of_work(system_actor(new_id())) as uow:
        await _use_token(uow, token)
        await founding_queries.found_installation(uow, checked_name(workspace_name))
        account = await add_account(uow, new, password_hash, Role.OWNER)
        account.email_verified_at = utc_now()  # Vouched for by whoever reads the server's terminal.
        signed_in = await open_session(uow, account, Role.OWNER, client)
        uow.record(INSTALLATION_FOUNDED, uow.workspace_id, label=workspace_name, by=signed_in.actor)
    return signed_in


async def _use_token(uow: UnitOfWork, token: str) -> None:
    try:
        await founding_queries.use_set_up_token(uow, hash_token(token))
    except LinkInvalidError as error:
        refused(ANONYMOUS, INSTALLATION_FOUNDED, after={"reason": error.code})
        raise


async def create_owner(workspace_name: str, new: NewAccount) -> None:
    """Found the installation from a terminal.

    Raises:
        AlreadyFoundedError: there is an owner.
    """
    new = checked_account(new, workspace_name)
    password_hash = await hash_password(new.password)
    async with unit_of_work(system_actor(new_id())) as uow:
        await founding_queries.found_installation(uow, checked_name(workspace_name))
        account = await add_account(uow, new, password_hash, Role.OWNER, by_themselves=False)
        account.email_verified_at = utc_now()
        uow.record(INSTALLATION_FOUNDED, uow.workspace_id, label=workspace_name)


async def get_workspace_name(actor: Actor) -> str:
    """What the actor's workspace is called."""
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        return await founding_queries.get_workspace_name(uow)
