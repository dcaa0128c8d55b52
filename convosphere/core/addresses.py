"""Which addresses the server may call when a person named them.

Whoever may name an address could otherwise have the server read what only the server can reach: other services of the
machine, of the network, or the cloud's description of the machine with its credentials. So only public addresses are
called, and those of one's own network that the installation lists. What counts is the address that the connection goes
to: a name is resolved once, judged, and connected to as resolved.
"""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LOOK_UP_SECONDS = 5.0
_UNICAST = ip_network("2000::/3")
# Python calls some of these global: ways through to IPv4, documentation, anycast, and what is set apart for protocols.
_NOT_PUBLIC: tuple[Network, ...] = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10", "2001::/23", "2001:db8::/32", "2002::/16",
                     "3fff::/20", "5f00::/16")),
)  # fmt: skip
# Never behind a name that is listed, only if listed themselves: there clouds tell machines their credentials.
_LINK_LOCAL: tuple[Network, ...] = tuple(map(ip_network, ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32")))


@dataclass(frozen=True)
class AllowedHost:
    """One entry of such a list: a name or a network, and perhaps one port."""

    name: str
    network: Network | None
    port: int | None

    def allows(self, host: str, port: int, address: Address) -> bool:
        """Whether the address, to which this host was resolved, may be called at this port."""
        if self.port not in (None, port):
            return False
        if self.network is not None:
            return address.version == self.network.version and address in self.network
        return self.name == host and not _is_within(address, _LINK_LOCAL) and _is_unicast(address)


class AddressNotAllowedError(OSError):
    """A name leads to no address that may be called."""


class AllowList:
    """The addresses that may be called: public ones, and those of the entries."""

    def __init__(self, entries: Sequence[str]) -> None:
        self._entries = tuple(map(_read_entry, entries))

    def allows(self, host: str, port: int, address: str) -> bool:
        """Whether a connection to this address, which the host has, may be made."""
        judged = _unmapped(ip_address(address.partition("%")[0]))
        return is_public(judged) or any(entry.allows(host.lower(), port, judged) for entry in self._entries)

    def lists(self, host: str, port: int) -> bool:
        """Whether an entry speaks of the host, so that it may be called without TLS."""
        literal = literal_address(host)
        return any(
            entry.port in (None, port)
            and (entry.name == host.lower() if literal is None else entry.allows(host.lower(), port, literal))
            for entry in self._entries
        )


class GuardedResolver(AbstractResolver):
    """Gives the addresses of a name that may be called; the connection goes to one of these and no other."""

    def __init__(self, allowed: AllowList) -> None:
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Look a name up.

        Raises:
            AddressNotAllowedError: it has no address that may be called.
            OSError: it has none at all.
        """
        found = await look_up(host, port, family)
        if may_call := [each for each in found if self._allowed.allows(host, port, each["host"])]:
            return may_call
        raise AddressNotAllowedError(f"{host} leads to no address that may be called.")

    async def close(self) -> None:
        """Nothing to close."""


def is_public(address: Address) -> bool:
    """Whether an address is anybody's on the Internet rather than one within some network."""
    address = _unmapped(address)
    if address.version == 6 and address not in _UNICAST:
        return False
    return address.is_global and _is_unicast(address) and not _is_within(address, _NOT_PUBLIC)


@lru_cache(maxsize=8)
def allow_list(entries: tuple[str, ...]) -> AllowList:
    """The list of a setting."""
    return AllowList(entries)


async def look_up(host: str, port: int, family: int = socket.AF_UNSPEC) -> list[ResolveResult]:
    """The addresses of a name, whichever they are.

    Raises:
        OSError, UnicodeError: it has none.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
    return [
        {"hostname": host, "host": str(place[0]), "port": port, "family": each, "proto": proto,
         "flags": socket.AI_NUMERICHOST}
        for each, _, proto, _, place in found
    ]  # fmt: skip


def literal_address(host: str) -> Address | None:
    """The address that a host is written as, None for a name."""
    try:
        return _unmapped(ip_address(host.partition("%")[0]))
    except ValueError:
        return None


def open_guarded_session(allowed: AllowList, connect_seconds: float) -> aiohttp.ClientSession:
    """A session for addresses that people named: no proxies, no cookies. Callers follow no redirect unseen."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=1024, keepalive_timeout=30, resolver=GuardedResolver(allowed)),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect_seconds),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        read_bufsize=2**18,
    )


def _read_entry(entry: str) -> AllowedHost:
    text, port = entry.strip().lower(), None
    bare = text
    if text.startswith("["):
        bare, _, rest = text[1:].partition("]")
        port = int(rest.removeprefix(":")) if rest else None
    elif text.count(":") == 1:
        bare, _, number = text.partition(":")
        port = int(number)
    try:
        return AllowedHost("", ip_network(bare, strict=False), port)
    except ValueError:
        return AllowedHost(bare.rstrip("."), None, port)


def _unmapped(address: Address) -> Address:
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _is_unicast(address: Address) -> bool:
    return not (address.is_multicast or address.is_unspecified or str(address) == "255.255.255.255")


def _is_within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
