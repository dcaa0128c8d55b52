"""Signals stop a start wherever they come, and a running product in order."""

import signal

import pytest

from convosphere.launch.supervisor import Stop


class Forgetful:
    """Ends where Python drops exceptions, as it does in the hooks around a fork."""

    def __init__(self, stop: Stop) -> None:
        self.stop = stop

    def __del__(self) -> None:
        self.stop.request(signal.SIGINT, None)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_whose_exception_was_dropped_still_ends_the_start() -> None:
    stop = Stop()
    stop.check_start()
    Forgetful(stop)
    with pytest.raises(KeyboardInterrupt):
        stop.check_start()


def test_a_running_product_drains_first_and_is_interrupted_by_the_second_signal() -> None:
    stop = Stop()
    assert not stop.wait(0)
    stop.request(signal.SIGTERM, None)
    assert stop.wait(0)
    with pytest.raises(KeyboardInterrupt):
        stop.request(signal.SIGTERM, None)
