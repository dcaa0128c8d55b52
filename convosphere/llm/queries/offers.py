"""What a workspace's gateway is made of, and who may use what is not for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, delete, exists, literal, select
from sqlmodel import col

from convosphere.core.errors import NotFoundError
from convosphere.core.model import utc_now
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import may_access
from convosphere.identity.models import AccessGrant
from convosphere.llm.models import ModelDefault, ModelPrice, ModelProvider, OfferedModel

OBJECT_TYPE = "model"


@dataclass(frozen=True)
class Stored:
    """All that a workspace has said about models."""

    providers: list[ModelProvider]
    models: list[OfferedModel]
    prices: list[ModelPrice]
    defaults: dict[str, str]


async def load(uow: UnitOfWork) -> Stored:
    """The unit's workspace, models in the order in which they were added, prices from the first on."""
    providers = await uow.session.scalars(select(ModelProvider).order_by(col(ModelProvider.created_at)))
    models = await uow.session.scalars(select(OfferedModel).order_by(col(OfferedModel.created_at), OfferedModel.id))  # pyright: ignore[reportArgumentType]
    prices = await uow.session.scalars(
        select(ModelPrice).order_by(col(ModelPrice.valid_from), col(ModelPrice.created_at))
    )
    defaults = await uow.session.scalars(select(ModelDefault))
    named = {each.purpose: each.model_id for each in defaults}
    return Stored(list(providers), list(models), list(prices), named)


async def list_allowed(uow: UnitOfWork) -> frozenset[str]:
    """Ids of the restricted models that the actor was granted."""
    nobody = literal(None, Uuid())
    may_use = may_access(uow.actor, OBJECT_TYPE, col(OfferedModel.id), nobody, "use")
    found = await uow.session.scalars(
        select(col(OfferedModel.model_id)).where(col(OfferedModel.is_restricted), may_use)
    )
    return frozenset(found)


async def get_provider(uow: UnitOfWork, provider_id: UUID) -> ModelProvider:
    """A provider of the workspace, locked.

    Raises:
        NotFoundError: there is none.
    """
    found = await uow.session.scalar(
        select(ModelProvider).where(col(ModelProvider.id) == provider_id).with_for_update()
    )
    if found is None:
        raise NotFoundError
    return found


async def find_by_slug(uow: UnitOfWork, slug: str) -> ModelProvider | None:
    """The provider that has this slug."""
    return await uow.session.scalar(select(ModelProvider).where(col(ModelProvider.slug) == slug))


async def list_models_of(uow: UnitOfWork, provider_id: UUID) -> list[OfferedModel]:
    """What is offered of a provider."""
    found = await uow.session.scalars(select(OfferedModel).where(col(OfferedModel.provider_id) == provider_id))
    return list(found)


async def find_model(uow: UnitOfWork, model_id: str) -> OfferedModel | None:
    """What is stored of a model by its public id, locked."""
    return await uow.session.scalar(
        select(OfferedModel).where(col(OfferedModel.model_id) == model_id).with_for_update()
    )


async def get_model_row(uow: UnitOfWork, row_id: UUID) -> OfferedModel:
    """What is stored of a model by the id of its row, locked.

    Raises:
        NotFoundError: nothing is.
    """
    found = await uow.session.scalar(select(OfferedModel).where(col(OfferedModel.id) == row_id).with_for_update())
    if found is None:
        raise NotFoundError
    return found


async def list_prices(uow: UnitOfWork, model_id: str) -> list[ModelPrice]:
    """The prices that were set for a model, the newest first."""
    found = await uow.session.scalars(
        select(ModelPrice)
        .where(col(ModelPrice.model_id) == model_id)
        .order_by(col(ModelPrice.valid_from).desc(), col(ModelPrice.created_at).desc())
    )
    return list(found)


async def end_prices(uow: UnitOfWork, model_ids: Sequence[str]) -> None:
    """Let models that go cost what the price list says, if others of their names come; what was paid stays known."""
    now, own = utc_now(), col(ModelPrice.model_id).in_(model_ids)
    await uow.session.execute(delete(ModelPrice).where(own, col(ModelPrice.valid_from) > now))
    for model_id in set(await uow.session.scalars(select(col(ModelPrice.model_id)).where(own))):
        uow.session.add(ModelPrice(workspace_id=uow.workspace_id, model_id=model_id, valid_from=now, source="list"))


async def find_default(uow: UnitOfWork, purpose: str) -> ModelDefault | None:
    """What was chosen for a purpose, locked."""
    return await uow.session.scalar(select(ModelDefault).where(col(ModelDefault.purpose) == purpose).with_for_update())


async def is_chosen(uow: UnitOfWork, purpose: str) -> bool:
    """Whether a model was chosen for a purpose."""
    return await uow.session.scalar(select(exists().where(col(ModelDefault.purpose) == purpose))) or False


async def forget_grants(uow: UnitOfWork, row_ids: Sequence[UUID]) -> None:
    """Remove what was granted of models that are removed."""
    of_them = (col(AccessGrant.object_type) == OBJECT_TYPE) & col(AccessGrant.object_id).in_(row_ids)
    await uow.session.execute(delete(AccessGrant).where(of_them))


async def forget_defaults(uow: UnitOfWork, model_ids: Sequence[str]) -> None:
    """Let models that are removed do nothing by default any more."""
    await uow.session.execute(delete(ModelDefault).where(col(ModelDefault.model_id).in_(model_ids)))
