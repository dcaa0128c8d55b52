"""What fails again and again is left alone, and let back by one question."""

import pytest

from convosphere.llm.errors import (
    ProviderBusyError,
    ProviderKeyRefusedError,
    ProviderRateLimitedError,
    ProviderRejectedError,
    ProviderRestingError,
    ProviderUnavailableError,
)
from convosphere.llm.reader.provider import ReaderProvider
from convosphere.llm.routing import Account, Patience, Route
from convosphere.llm.routing.breakers import LONGEST_REST, Admission, Breakers
from convosphere.llm.schemas import Model

PATIENCE = Patience(1, 1, total=2, rest=15, breaks_after=3)
ACCOUNT = Account("a", "Provider")


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def route(name: str) -> Route:
    return Route(Model(name, name, "p"), ReaderProvider(), name, account=ACCOUNT)


ONE, OTHER = route("one"), route("other")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breakers(clock: Clock) -> Breakers:
    return Breakers(PATIENCE, clock)


def fail(breakers: Breakers, times: int = 1, asked: Route = ONE) -> None:
    for _ in range(times):
        breakers.admit(asked).failed(ProviderUnavailableError("one"))


def test_one_failure_spares_a_model_and_refuses_nobody(breakers: Breakers, clock: Clock) -> None:
    fail(breakers)
    assert breakers.is_spared(ONE)
    assert isinstance(breakers.trouble_of(ONE), ProviderUnavailableError)
    assert not breakers.is_spared(OTHER)
    breakers.admit(ONE).end()
    clock.now += PATIENCE.rest
    assert not breakers.is_spared(ONE)
    assert breakers.trouble_of(ONE) is None


def test_after_many_nobody_asks_for_a_while_then_one_does(breakers: Breakers, clock: Clock) -> None:
    fail(breakers, 3)
    with pytest.raises(ProviderRestingError) as raised:
        breakers.admit(ONE)
    assert raised.value.retry_after == PATIENCE.rest
    breakers.admit(OTHER).end()
    clock.now += PATIENCE.rest
    probe = breakers.admit(ONE)
    with pytest.raises(ProviderRestingError):
        breakers.admit(ONE)
    probe.answered()
    breakers.admit(ONE).succeeded()
    assert not breakers.is_spared(ONE)


def test_each_probe_that_fails_makes_the_rest_longer(breakers: Breakers, clock: Clock) -> None:
    fail(breakers, 3)
    rests = []
    for _ in range(5):
        rests.append(breakers.of(ONE)[1].wait())
        clock.now += rests[-1]
        fail(breakers)
    assert rests == [15, 30, 60, LONGEST_REST, LONGEST_REST]


def test_a_probe_that_was_stopped_is_free_again(breakers: Breakers, clock: Clock) -> None:
    fail(breakers, 3)
    clock.now += PATIENCE.rest
    breakers.admit(ONE).end()
    breakers.admit(ONE).succeeded()
    assert not breakers.is_spared(ONE)


def test_a_whole_provider_rests_for_all_its_models(breakers: Breakers) -> None:
    for _ in range(3):
        breakers.admit(ONE).failed(ProviderKeyRefusedError("one"))
    with pytest.raises(ProviderRestingError):
        breakers.admit(OTHER)
    breakers.forget(ACCOUNT.key)
    breakers.admit(OTHER).end()
    assert not breakers.is_spared(ONE)


def test_who_says_no_to_a_question_is_in_good_health(breakers: Breakers) -> None:
    fail(breakers, 2)
    breakers.admit(ONE).failed(ProviderRejectedError("one", "Bad temperature."))
    assert not breakers.is_spared(ONE)
    fail(breakers, 2)
    breakers.admit(ONE).end()


def test_a_full_line_says_nothing_of_health(breakers: Breakers) -> None:
    fail(breakers, 2)
    breakers.admit(ONE).failed(ProviderBusyError("one"))
    fail(breakers)
    with pytest.raises(ProviderRestingError):
        breakers.admit(ONE)


def test_what_breaks_off_in_the_middle_adds_up(breakers: Breakers) -> None:
    for _ in range(3):
        admission = breakers.admit(ONE)
        admission.answered()
        admission.failed(ProviderUnavailableError("one"))
    with pytest.raises(ProviderRestingError):
        breakers.admit(ONE)


def test_a_waiting_time_that_the_provider_names_is_kept_within_reason(breakers: Breakers, clock: Clock) -> None:
    breakers.admit(ONE).failed(ProviderRateLimitedError("one", 60))
    clock.now += 59
    assert breakers.is_spared(ONE)
    clock.now += 2
    assert not breakers.is_spared(ONE)
    breakers.admit(ONE).failed(ProviderRateLimitedError("one", 86_400))
    clock.now += 301
    assert not breakers.is_spared(ONE)


def test_an_admission_that_has_failed_takes_no_probe_with_it(breakers: Breakers, clock: Clock) -> None:
    fail(breakers, 3)
    clock.now += PATIENCE.rest
    old = Admission(*breakers.of(OTHER))
    probe = breakers.admit(ONE)
    old.end()
    with pytest.raises(ProviderRestingError):
        breakers.admit(ONE)
    probe.succeeded()
