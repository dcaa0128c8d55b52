"""Knowing the devices from which somebody signs in, so that an unknown one is told of.

A device is a browser on a system, without their versions, in a network: what an address begins with, since the rest of
it changes with every way to work. Kept is only a hash of all that.
"""

import hashlib
import re
from ipaddress import ip_address, ip_network
from typing import Final
from uuid import UUID

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import Account
from convosphere.identity.queries import devices as device_queries
from convosphere.identity.schemas import Client
from convosphere.identity.service.notices import NEW_SIGN_IN, tell

# The order counts: Edge and Opera call themselves Chrome as well, and Chrome calls itself Safari.
_BROWSERS: Final = {
    "Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome", "Chromium": "Chromium",
    "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS: Final = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "macOS",
    "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip
_NETWORK_BITS: Final = {4: 16, 6: 32}


async def recognise_device(uow: UnitOfWork, account_id: UUID, client: Client) -> None:
    """Remember the device of a sign-in, and tell the person of it if it is unknown; the first one needs no telling."""
    known = await device_queries.remember_device(uow, account_id, _trait(client))
    if known.is_new and known.others:
        account = await uow.session.get_one(Account, account_id)
        await tell(uow, account, NEW_SIGN_IN, device=device_name(client.user_agent), address=client.address)


def device_name(user_agent: str) -> str:
    """What a browser calls itself, in short, such as "Firefox, Windows"; never longer than a line."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS.items() if sign in user_agent), "")
    known = ", ".join(part for part in (browser, system) if part)
    return known or re.sub(r"[^\w ./-]", "", user_agent)[:60].strip() or "?"


def _trait(client: Client) -> bytes:
    return hashlib.sha256(f"{device_name(client.user_agent)}\n{_network(client.address)}".encode()).digest()


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{found}/{_NETWORK_BITS[found.version]}", strict=False))
