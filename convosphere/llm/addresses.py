"""Which addresses of providers an administrator may enter: public ones over TLS, and those of PROVIDER_HOSTS."""

import asyncio
from urllib.parse import urlsplit

from convosphere.core.addresses import LOOK_UP_SECONDS, AllowList, literal_address, look_up
from convosphere.core.i18n import Message, t
from convosphere.llm.errors.setup import AddressRefusedError

LONGEST_URL = 300


def read_url(url: str, allowed: AllowList) -> str:
    """The address of a provider as it is stored, after all is refused that can be refused without looking it up.

    Raises:
        AddressRefusedError: it is no address of a server, or one that may not be called.
    """
    url = url.strip().rstrip("/")
    parts = urlsplit(url if "://" in url else f"https://{url}")
    host, port = _host_and_port(parts.scheme, parts.netloc, url)
    if parts.scheme not in {"http", "https"} or parts.query or parts.fragment or len(url) > LONGEST_URL:
        raise AddressRefusedError(t("Please enter an address such as https://models.example.org/v1."))
    literal = literal_address(host)
    if literal is not None and not allowed.allows(host, port, str(literal)):
        raise _inside(host, port)
    if parts.scheme == "http" and not allowed.lists(host, port):
        if literal is None and "." in host and not host.endswith((".local", ".lan", ".internal", ".localhost")):
            raise AddressRefusedError(_unencrypted(host, port), _entry(host, port))
        raise _inside(host, port)
    path = parts.path.rstrip("/") or "/v1"
    return f"{parts.scheme}://{parts.netloc}{path}"


async def check_url(url: str, allowed: AllowList) -> str:
    """The same, after its name was looked up as well.

    Raises:
        AddressRefusedError: it may not be called, or its name leads nowhere.
    """
    url = read_url(url, allowed)
    parts = urlsplit(url)
    host, port = _host_and_port(parts.scheme, parts.netloc, url)
    if literal_address(host) is None:
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                found = await look_up(host, port)
        except (OSError, TimeoutError, UnicodeError):
            raise AddressRefusedError(
                t("No server of the name {host} is known. Please check how it is written.", host=host)
            ) from None
        if not any(allowed.allows(host, port, each["host"]) for each in found):
            raise _inside(host, port)
    return url


def _inside(host: str, port: int) -> AddressRefusedError:
    entry = _entry(host, port)
    return AddressRefusedError(
        t(
            "{host} is an address inside a network, and such are closed at first. If a model server of yours is there, "
            "such as Ollama, whoever runs ConvoSphere sets PROVIDER_HOSTS={entry} and starts it again.",
            host=host,
            entry=entry,
        ),
        entry,
    )


def _unencrypted(host: str, port: int) -> Message:
    return t(
        "Without https everybody on the way could read the key and all texts. Please use https, or have whoever runs "
        "ConvoSphere set PROVIDER_HOSTS={entry}.",
        entry=_entry(host, port),
    )


def _entry(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _host_and_port(scheme: str, netloc: str, url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"{scheme}://{netloc}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or "@" in netloc or any(sign.isspace() or sign == "\\" for sign in url) or not host.isascii():
        raise AddressRefusedError(t("Please enter an address such as https://models.example.org/v1."))
    return host.rstrip("."), port or (443 if scheme == "https" else 80)
