"""The application that granian serves: the product behind the gateway, its pages from the published bundle."""

import json
import os
from importlib import import_module
from pathlib import Path

from reflex_base.registry import RegistrationContext
from starlette.types import ASGIApp

from convosphere.core.logs import configure_logs
from convosphere.core.memory import keep_for_good
from convosphere.core.settings import get_settings
from convosphere.launch.emission import emit_straight
from convosphere.launch.frontend import BUNDLE_VARIABLE
from convosphere.launch.gateway import Gateway, content_security_policy
from convosphere.launch.pages import Pages
from convosphere.launch.processes import die_with_parent
from convosphere.launch.publishing import POLICY
from convosphere.launch.sockets import Sockets

# The composition root; imported by name, as this package lies below it and Reflex reads its environment on import.
APP_MODULE = "convosphere.convosphere"


def create() -> ASGIApp:
    """Make the application; called once in the serving process."""
    die_with_parent()
    configure_logs(get_settings().log_level)
    bundle = Path(os.environ[BUNDLE_VARIABLE])
    app = import_module(APP_MODULE).app
    own = app.api_transformer
    own_parts = [] if own is None else list(own) if isinstance(own, (list, tuple)) else [own]
    # The first transformer is the innermost, so that every route of the product comes before the pages.
    app.api_transformer = [lambda reflex: Pages(reflex, bundle / "build" / "client", app.router), *own_parts]
    policy = content_security_policy(json.loads((bundle / POLICY).read_text()))
    settings = get_settings()
    is_local = not settings.public_url and settings.host in {"127.0.0.1", "::1", "localhost"}
    product = app()
    emit_straight(app.sio)
    sockets = Sockets(product, RegistrationContext.get().event_handlers)
    served = Gateway(sockets, policy, settings.public_url, is_local=is_local)
    keep_for_good()
    return served
