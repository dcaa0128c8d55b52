"""The SQL of versions."""

from sqlalchemy import func, select
from sqlmodel import col

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import Account
from convosphere.prompts.errors import PromptNotFoundError
from convosphere.prompts.models import Prompt, PromptVersion
from convosphere.prompts.schemas import Definition, VersionRow


async def list_versions(uow: UnitOfWork, prompt: Prompt, limit: int) -> list[VersionRow]:
    """The latest versions of a prompt that was fetched before, newest first."""
    rows = await uow.session.execute(
        select(PromptVersion, func.coalesce(col(Account.name), ""))
        .outerjoin(Account, col(Account.id) == col(PromptVersion.author_id))
        .where(col(PromptVersion.prompt_id) == prompt.id)
        .order_by(col(PromptVersion.number).desc())
        .limit(limit)
    )
    return [
        VersionRow(
            version.number, version.why, author, version.created_at, version.id == prompt.current_version_id,
            Definition.model_validate(version.definition),
        )
        for version, author in rows
    ]  # fmt: skip


async def get_version(uow: UnitOfWork, prompt: Prompt, number: int = 0) -> tuple[int, Definition]:
    """What a prompt that was fetched before was in a version, by default in the current one, and its number.

    Raises:
        PromptNotFoundError: it has no such version.
    """
    which = col(PromptVersion.number) == number if number else col(PromptVersion.id) == prompt.current_version_id
    found = await uow.session.scalar(select(PromptVersion).where(col(PromptVersion.prompt_id) == prompt.id, which))
    if found is None:
        raise PromptNotFoundError
    return found.number, Definition.model_validate(found.definition)


async def add_version(uow: UnitOfWork, prompt: Prompt, definition: Definition, why: str) -> int:
    """Make a definition the current one of a prompt that is held; gives its number."""
    latest = select(func.max(col(PromptVersion.number))).where(col(PromptVersion.prompt_id) == prompt.id)
    number = (await uow.session.scalar(latest) or 0) + 1
    version = PromptVersion(
        id=prompt.current_version_id, workspace_id=uow.workspace_id, prompt_id=prompt.id, number=number,
        definition=definition.model_dump(mode="json"), why=why, author_id=uow.actor.account_id,
    )  # fmt: skip
    uow.session.add(version)
    await uow.session.flush()
    return number
