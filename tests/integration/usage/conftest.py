"""A process that answers, as the chat has it."""

from tests.integration.chat.conftest import host
from tests.provider.fixtures import provider

__all__ = ["host", "provider"]
