"""Which model is asked, when, and how often, until one answers.

`router` asks them one after the other, by `patience`; `routes` are the ways to them, `queues` gives everybody their
turn, `breakers` spare what fails, `health` tells how they do.
"""

from convosphere.llm.routing.patience import Patience
from convosphere.llm.routing.queues import Limits
from convosphere.llm.routing.router import Router
from convosphere.llm.routing.routes import Account, Route, chain_of

__all__ = ["Account", "Limits", "Patience", "Route", "Router", "chain_of"]
