"""Which model does something where nobody chose one, and what may make vectors in place of what makes them now."""

from dataclasses import dataclass

from convosphere.core.audit.actions import MODEL_DEFAULT_SET
from convosphere.core.errors import NotFoundError
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.llm.errors import ModelNotFoundError
from convosphere.llm.gateway import current_gateway
from convosphere.llm.models import ModelDefault
from convosphere.llm.queries import offers as offer_queries
from convosphere.llm.schemas import EmbeddingModel, Model
from convosphere.llm.service.readers import NewReaders
from convosphere.llm.service.vectors import NewVectors
from convosphere.llm.workspaces import models_topic


@dataclass(frozen=True)
class VectorChoices:
    """What may make a workspace's vectors, with the prices that hold now.

    `chosen` is what it chose, empty where the settings decide; `of_settings` is what these name, if anything.
    """

    chosen: str
    of_settings: EmbeddingModel | None
    models: tuple[Model, ...]

    def offers(self, model_id: str) -> bool:
        """Whether one may choose it; what the settings say always."""
        return not model_id or any(model.id == model_id for model in self.models)


async def list_vector_choices(actor: Actor) -> VectorChoices:
    """What the actor may choose to make vectors."""
    gateway = current_gateway()
    choices, of_settings = await gateway.choices(actor), await gateway.embedder(actor, named="")
    model = of_settings.embedding_model if of_settings else None
    return VectorChoices(choices.default_for("embedding"), model, choices.for_vectors)


async def put_default(uow: UnitOfWork, purpose: str, model_id: str) -> None:
    """Let a model that can do something do it where nobody chose one; an empty id leaves it to the settings.

    Whoever calls it lets the gateway of this process read it once the unit has committed; others hear of it.
    """
    row = await offer_queries.find_default(uow, purpose)
    before = row.model_id if row else ""
    if row and not model_id:
        await uow.session.delete(row)
    elif row:
        row.model_id, row.updated_at = model_id, utc_now()
    elif model_id:
        uow.session.add(ModelDefault(workspace_id=uow.workspace_id, purpose=purpose, model_id=model_id))
    if before != model_id:
        uow.record(
            MODEL_DEFAULT_SET, label=purpose, before={"purpose": purpose, "model": before},
            after={"purpose": purpose, "model": model_id},
        )  # fmt: skip
        if purpose == "embedding":
            await NewVectors.tell(uow)
        if model_id:
            await NewReaders.tell(uow, purpose)
    await uow.publish(models_topic(uow.workspace_id))


async def put_vector_model(uow: UnitOfWork, model_id: str) -> None:
    """Let a model make the vectors from now on, as `put_default` does.

    Raises:
        ModelNotFoundError: it is not offered any more, or its provider is switched off.
    """
    if model_id:
        row = await offer_queries.find_model(uow, model_id)
        if row is None or row.provider_id is None or row.kind != "embedding" or not row.is_enabled:
            raise ModelNotFoundError(model_id)
        if not (await offer_queries.get_provider(uow, row.provider_id)).is_enabled:
            raise ModelNotFoundError(model_id)
    await put_default(uow, "embedding", model_id)


def read_anew(actor: Actor) -> None:
    """Let the gateway of this process see what was put."""
    if actor.workspace_id is None:
        raise NotFoundError
    current_gateway().forget(actor.workspace_id)
