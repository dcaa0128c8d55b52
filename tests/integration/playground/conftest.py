"""A process that writes answers, as the tests of chat have it."""

from tests.integration.chat.conftest import host
from tests.provider.fixtures import provider

__all__ = ["host", "provider"]
