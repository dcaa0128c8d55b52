"""Every way in, by everybody, on everything: what comes of it is what one table says."""

import inspect
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import product

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from convosphere import convosphere
from convosphere.chat.generations import GenerationHost, current_generation_host
from convosphere.core.audit.refusals import RefusalWriter
from convosphere.core.database import Database
from convosphere.core.errors import ExpectedError, ForbiddenError, InvalidInputError, NotFoundError, SignInRequiredError
from convosphere.core.events import EventHub
from convosphere.core.permissions import Actor, Permission
from convosphere.core.settings import get_settings
from convosphere.core.throttling import Throttle
from convosphere.core.ways_in import declared_permission, way_in
from convosphere.identity import limits
from convosphere.identity.cookies import cookie_name
from convosphere.identity.ways import guard_routes
from convosphere.launch.postgres import DatabaseAddresses
from convosphere.llm.gateway import Gateway
from tests.architecture.test_access import declared
from tests.fixtures.waiting import until
from tests.integration.security.matrix import (
    HOLDERS,
    MAY,
    MORE_RELATIONS,
    RELATIONS,
    ROLES,
    WAYS,
    WITHOUT_THING,
    Kind,
    Relation,
    Way,
)
from tests.integration.security.stage import ORIGIN, Stage, Tab, row_of, set_stage, states

REFUSALS = (NotFoundError, ForbiddenError, SignInRequiredError)
FORMS_OF_IDS = ("id", "ids", "key")

Browser = Callable[[str], httpx.AsyncClient]


@pytest_asyncio.fixture
async def stage(
    database: Database, addresses: DatabaseAddresses, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """Everybody, and what the web process has running beside its pages; nobody is too quick."""
    often = Throttle("1000000/minute")
    monkeypatch.setattr(limits, "_events", often)
    monkeypatch.setattr(limits, "_THROTTLES", dict.fromkeys(limits._THROTTLES, often))
    async with (
        RefusalWriter().running(),
        EventHub(addresses.app_url).running(),
        Gateway(get_settings()),
        GenerationHost(drain_seconds=0.2).running(),
    ):
        yield await set_stage()


def browser_of(app: Starlette) -> Browser:
    """Opens a browser with the cookie of a session."""

    def open_with(token: str) -> httpx.AsyncClient:
        cookie = {"cookie": f"{cookie_name()}={token}"} if token else {}
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=ORIGIN, headers={"origin": ORIGIN, **cookie}
        )

    return open_with


PRODUCT = browser_of(Starlette(routes=guard_routes(convosphere.ROUTES)))


def named(names: str) -> set[str]:
    """`State handler handler` as single ways in."""
    first, *rest = names.split()
    return {f"{first} {name}" for name in rest}


def takes_an_id(way: str) -> bool:
    """Whether a way in is told which thing it is about."""
    first, name = way.split(maxsplit=1)
    if first not in states():
        return "{" in name
    parameters = inspect.signature(states()[first].event_handlers[name].fn).parameters
    return any(parameter.rpartition("_")[2] in FORMS_OF_IDS for parameter in parameters)


def test_every_way_in_that_takes_an_id_is_walked() -> None:
    walked = set().union(*(named(way.names) for way in WAYS), *map(named, WITHOUT_THING))
    assert walked - set(declared()) == set(), "these are not there any more"
    assert {way for way in declared() if takes_an_id(way)} - walked == set(), "these need a line in matrix.py"


def test_every_permission_has_its_holders() -> None:
    assert set(HOLDERS) == set(Permission)


async def test_everybody_at_every_way_in(stage: Stage, record_property: Callable[[str, object], None]) -> None:
    """The gate alone: whoever the declared permission does not let in gets no further."""
    wrong = []
    ways = declared()
    routes = browser_of(Starlette(routes=guard_routes([_empty(route) for route in convosphere.ROUTES])))
    for role in ROLES:
        tab = Tab(stage, role, routes)
        async with routes(stage.tokens.get(role, "")) as client:
            for way, permission in ways.items():
                assert permission
                if await _admits(tab, client, way) != (role in HOLDERS[permission]):
                    wrong.append((way, role))
    record_property("matrix", f"{len(ways)} ways in by {len(ROLES)} kinds of people")
    assert wrong == []


def _empty(route: Route) -> Route:
    """A route behind its gate that does nothing, so that it can be asked by everybody."""

    async def nothing(request: Request) -> Response:
        return Response(status_code=204)

    permission = declared_permission(route.endpoint)
    assert permission
    return Route(route.path, way_in(permission)(nothing), methods=list(route.methods or ()))


async def _admits(tab: Tab, client: httpx.AsyncClient, way: str) -> bool:
    first, name = way.split(maxsplit=1)
    if first not in states():
        return (await client.request(first, name)).status_code == 204
    try:
        await tab.enter(first, name)
    except (SignInRequiredError, ForbiddenError):
        return False
    except InvalidInputError:
        return True  # Let in, and told that arguments are missing.
    return True


async def test_everybody_with_everything(stage: Stage, record_property: Callable[[str, object], None]) -> None:
    """What is refused also leaves the thing as it is."""
    wrong, tries = [], 0
    things = Things(stage)
    for way in WAYS:
        refused: dict[Place, str] = {}
        done: set[Place] = set()
        for role, relation in product(ROLES, (*RELATIONS, *MORE_RELATIONS.get(way.kind, ()))):
            place = Place(way.kind, stage.owner_of(role, relation), relation)
            thing = await things.at(place)
            came, said = await _comes_of(stage, way, role, place, thing), _said(way, role, relation)
            tries += 1
            if came != said:
                wrong.append(f"{way.names}: {role}, {relation}: done {came}, table {said}")
            if came:
                done.add(place)
                things.forget(place, is_gone=way.verb in {"delete", "share"})
            else:
                refused[place] = thing
        changed = [
            place for place, thing in refused.items() if place not in done and await things.differs(place, thing)
        ]
        wrong += [f"{way.names}: refused to all, and changed: {place}" for place in changed]
    record_property("matrix", f"{len(WAYS)} ways to a thing, {tries} tries")
    assert not wrong, "\n".join(wrong)


@dataclass(frozen=True)
class Place:
    """A thing of somebody, of a relation to who acts."""

    kind: Kind
    owner: Actor
    relation: Relation


class Things:
    """What there is, made when it is needed, and how each thing looked when it was made or last changed."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._things: dict[Place, str] = {}
        self._rows: dict[Place, object] = {}

    async def at(self, place: Place) -> str:
        """The thing of a place."""
        if place not in self._things:
            self._things[place] = await self._stage.make(place.kind, place.owner, place.relation)
        if place not in self._rows:
            self._rows[place] = await self._look(place, self._things[place])
        return self._things[place]

    def forget(self, place: Place, *, is_gone: bool) -> None:
        """Look at it anew, or make another one."""
        self._rows.pop(place, None)
        if is_gone:
            self._things.pop(place, None)

    async def differs(self, place: Place, thing: str) -> bool:
        """Whether it looks otherwise than it did."""
        return await self._look(place, thing) != self._rows.get(place)

    async def _look(self, place: Place, thing: str) -> object:
        # Answers go on after whoever asked was told yes, and the end of each one changes its conversation.
        await until(lambda: not current_generation_host()._tasks)
        await self._stage.prepare(place.kind, place.owner, thing)
        return await row_of(place.kind, place.owner, thing)


def _said(way: Way, role: str, relation: Relation) -> bool:
    return way.verb[0] in MAY[way.kind].get(role, {}).get(relation, "")


async def _comes_of(stage: Stage, way: Way, role: str, place: Place, thing: str) -> bool:
    """Whether it was done, or would be if the thing were in a state for it."""
    try:
        return await way.act(Tab(stage, role, PRODUCT), thing) is not False
    except REFUSALS:
        return False
    except ExpectedError:
        return True
