"""What people choose a model from: those that they may use, and how each of them does."""

from dataclasses import dataclass

from convosphere.core.permissions import Actor
from convosphere.llm.gateway import current_gateway
from convosphere.llm.routing import Route
from convosphere.llm.routing.health import AccountHealth, State
from convosphere.llm.schemas import Model
from convosphere.llm.service.providers import label_of


@dataclass(frozen=True)
class Pick:
    """A model as it is offered; `provider` is what people call whoever runs it."""

    model: Model
    provider: str
    state: State


async def list_picks(actor: Actor) -> list[Pick]:
    """The models that somebody may choose, the Reader last; how they do is known of those that this process asked."""
    gateway = current_gateway()
    await gateway.models(actor)
    accounts = {account.key: account for account in gateway.health()}
    choices = await gateway.choices(actor)
    return [_pick(route, accounts.get(route.runs_on.key)) for route in choices.routes]


def _pick(route: Route, account: AccountHealth | None) -> Pick:
    # What the workspace connected has the name that it was given.
    provider = route.model.provider if route.account else label_of(route.model.provider)
    if account is None:
        return Pick(route.model, provider, "unknown")
    if account.health.state in {"resting", "probing"}:
        return Pick(route.model, provider, account.health.state)
    states: dict[str, State] = {model.key: model.state for model in account.models}
    return Pick(route.model, provider, states.get(route.name, "unknown"))
