"""What holds for every answer of the running product, of whichever kind and whoever gives it; asked over bare sockets,
which may say what no client would."""

import re
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import product as combinations
from urllib.parse import urlsplit

import httpx
import pytest

from convosphere import convosphere
from convosphere.identity.ways import is_for_programs
from tests.e2e.conftest import Product, start_product

MISSING = "00000000-0000-7000-8000-000000000000"
MANDATORY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
HUGE = 5_000_000_000
HANDSHAKE = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}  # fmt: skip

Kind = tuple[str, str]


@pytest.fixture(scope="module")
def session(owner_cookies: list[dict[str, object]]) -> str:
    """The owner's cookie."""
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in owner_cookies)


def own_routes() -> list[Kind]:
    """Method and address of every route of ours, as it is called."""
    routes = [(method, route.path) for route in convosphere.ROUTES for method in sorted(route.methods or ())]
    return [(method, re.sub(r"\{\w+\}", MISSING, path)) for method, path in routes]


def kinds(product: Product) -> list[Kind]:
    """Every kind of answer: pages, files of theirs, routes, the framework's, and what is none of these."""
    script = re.search(r"/assets/[\w.-]+\.js", httpx.get(product.url).text)
    assert script
    pages = [
        *("/", "/chat", f"/chat/{MISSING}", "/knowledge", "/sign-in", "/set-up?token=x", script[0], "/favicon.svg"),
        *("/no-such-page", "/assets/no-such-file.js", "/..%2f..%2fetc/passwd", "//evil.example/", "/%00"),
        *("/_upload", "/_all_routes", "/_event/?EIO=4&transport=polling&token=x", "/ping", "/auth/", "/api/"),
    ]
    methods = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE")
    return [
        *own_routes(),
        *combinations(methods, pages),
        *((method, path) for _, path in own_routes() for method in methods),
    ]


def document(product: Product, session: str) -> str:
    """Where a file can be had that would run if it were shown."""
    headers = {"origin": product.url, "cookie": session, "x-requested-with": "convosphere", "x-file-name": "a.html"}
    content = b"<!doctype html><script>alert(1)</script>"
    return (
        f"/api/documents/{httpx.post(f'{product.url}/api/files', content=content, headers=headers).json()['id']}/file"
    )


def speak(
    url: str, method: str, path: str, body: bytes = b"", seconds: float = 60, **headers: str
) -> tuple[int, httpx.Headers, bytes]:
    """Say a request and hear the answer, or (0, …) when the server hangs up without one."""
    address = urlsplit(url)
    said = {"Host": address.netloc, "Connection": "close", **headers}
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in said.items()) + "\r\n"
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=seconds) as connection:
        connection.sendall(head.encode("latin-1") + body)
        heard = b""
        while b"\r\n\r\n" not in heard and (part := connection.recv(65_536)):
            heard += part
    if not heard:
        return 0, httpx.Headers(), b""
    first, _, rest = heard.partition(b"\r\n\r\n")[0].partition(b"\r\n")
    fields = [line.partition(b":") for line in rest.split(b"\r\n")]
    return int(first.split()[1]), httpx.Headers([(name, value.strip()) for name, _, value in fields]), heard


def directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";")]
    return {name: sources for name, *sources in parts}


def test_every_answer_carries_the_headers(product: Product, session: str) -> None:
    seen = set()
    for (method, path), cookie in combinations([*kinds(product), ("GET", document(product, session))], ("", session)):
        # The session must outlive this walk.
        cookie = "" if path == "/auth/sign-out" else cookie  # noqa: PLW2901
        status, headers, heard = speak(product.url, method, path, Origin=product.url, Cookie=cookie)
        seen.add(status)
        where = (method, path, status)
        assert MANDATORY.items() <= headers.items(), where
        assert headers["permissions-policy"].count("=()") >= 6, where
        assert "cache-control" in headers or status == 304, where
        assert "strict-transport-security" not in headers, where  # This installation speaks plain http.
        assert not [name for name in headers if name.startswith(("access-control-", "x-powered"))], where
        assert not re.search(r"\d", headers.get("server", "")), where
        policy = directives(headers["content-security-policy"])
        assert "'unsafe-eval'" not in headers["content-security-policy"], where
        if "sandbox" not in policy:
            assert "'unsafe-inline'" not in policy["script-src"], where
            assert not [source for source in policy["script-src"] if not source.startswith(("'self'", "'sha256-"))], (
                where
            )
            assert policy["object-src"] == policy["base-uri"] == ["'none'"], where
            # Of chats the product itself shows several in one window.
            is_chat = path == "/chat" or path.startswith("/chat/")
            assert policy["frame-ancestors"] == (["'self'"] if is_chat else ["'none'"]), where
            assert policy["form-action"] == policy["connect-src"] == ["'self'"], where
        assert b"Traceback" not in heard, where
    assert seen >= {200, 303, 400, 401, 403, 404, 405}


def test_behind_https_every_answer_says_so(product: Product, tmp_path_factory: pytest.TempPathFactory) -> None:
    public = "https://chat.example.org"
    with start_product(tmp_path_factory.mktemp("https"), product.provider, PUBLIC_URL=public) as running:
        for method, path in kinds(running):
            status, headers, _ = speak(running.url.replace("chat.example.org", "localhost"), method, path)
            assert "max-age=" in headers["strict-transport-security"], (method, path, status)
        assert running.set_up_link.startswith(f"{public}/set-up?")
        forged = speak(running.url, "POST", "/auth/sign-out", Host="evil.example", Origin="http://evil.example")
        assert forged[0] == 403
        assert speak(running.url, "POST", "/auth/sign-out", Host="evil.example", Origin=public)[0] == 303


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "localhost.evil.example", "x@evil.example", "a b"])
def test_a_forged_host_leads_nowhere(product: Product, host: str) -> None:
    for method, path in kinds(product):
        status, headers, heard = speak(product.url, method, path, Host=host, Origin=f"http://{host}")
        assert status in {400, 421}, (method, path)
        assert b"evil" not in heard, (method, path)
        assert "location" not in headers


def test_an_answer_leads_only_to_own_paths(product: Product) -> None:
    for method, path in kinds(product):
        _, headers, _ = speak(product.url, method, path, Origin=product.url, **{"X-Forwarded-Host": "evil.example"})
        assert re.match(r"/(?![/\\])", headers.get("location", "/")), (method, path)


FOREIGN = ["", "null", "https://evil.example", "http://localhost", "http://localhost:1", "file://"]


def test_no_other_site_changes_anything(product: Product, session: str) -> None:
    # Programs come without a cookie, which these routes do not look at, and so may come from anywhere.
    for_programs = {route.path for route in convosphere.ROUTES if is_for_programs(route.endpoint)}
    changing = [
        (method, path) for method, path in own_routes() if method not in {"GET", "HEAD"} and path not in for_programs
    ]
    assert len(changing) >= 5
    for (method, path), origin in combinations(changing, FOREIGN):
        headers = {"Origin": origin} if origin else {}
        status, answer, _ = speak(
            product.url, method, path, b"{}", Cookie=session, **{"Content-Length": "2", **headers}
        )
        assert status == 403, (method, path, origin)
        assert "set-cookie" not in answer


@pytest.mark.parametrize("length", [{"Content-Length": str(HUGE)}, {"Transfer-Encoding": "chunked"}])
def test_a_huge_body_is_answered_before_it_comes(product: Product, session: str, length: dict[str, str]) -> None:
    """Nothing waits for it, nothing keeps it: the answer comes while nearly all of it is still to be sent."""
    body = b"x" * 1000 if "Content-Length" in length else b"%x\r\n%s\r\n" % (30_000, b"x" * 30_000)

    def status_of(kind: Kind) -> int:
        cookie = "" if kind[1] == "/auth/sign-out" else session
        return speak(product.url, *kind, body, Origin=product.url, Cookie=cookie, **length)[0]

    asked = kinds(product)
    with ThreadPoolExecutor(8) as threads:  # Some say so only after a while.
        unanswered = [kind for kind, status in zip(asked, threads.map(status_of, asked), strict=True) if not status]
    assert unanswered == []


def test_a_handshake_is_refused_without_a_word(product: Product) -> None:
    own = {**HANDSHAKE, "Origin": product.url}
    refused = [
        ("/_event/?EIO=4&transport=websocket&token=x", {**HANDSHAKE, "Origin": "https://evil.example"}),
        ("/_event/?EIO=4&transport=websocket&token=x", HANDSHAKE),
        ("/_event/?EIO=4&transport=websocket&token=x", {**own, "Host": "evil.example"}),
        ("/_event/?EIO=4&transport=websocket", own),
        ("/chat?token=x", own),
        ("/api/files?token=x", own),
    ]
    for path, headers in refused:
        status, answer, heard = speak(product.url, "GET", path, **{**headers, "Connection": "Upgrade"})
        assert status in {403, 421}, path
        assert not re.search(r"\d", answer.get("server", "")), path
        assert heard.endswith(b"\r\n\r\n"), path


@pytest.fixture(scope="module", autouse=True)
def hung_up(product: Product) -> Iterator[list[Future[bytes]]]:
    """What two hear who never come to an end, in their head and in their body, while the other tests go on."""
    address = urlsplit(product.url)
    where = (address.hostname or "", address.port or 0)
    with socket.create_connection(where, timeout=60) as head, socket.create_connection(where, timeout=60) as body:
        head.sendall(b"GET /ping HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        body.sendall(f"POST /auth/sign-in HTTP/1.1\r\nHost: {address.netloc}\r\nOrigin: {product.url}\r\n"
                     "Content-Length: 100\r\n\r\n{".encode())  # fmt: skip
        with ThreadPoolExecutor(2) as threads:  # So that the 60 seconds of each count from now.
            yield [threads.submit(each.recv, 1000) for each in (head, body)]


def test_who_sends_slowly_is_hung_up_on(hung_up: list[Future[bytes]]) -> None:
    head, body = (heard.result() for heard in hung_up)
    assert b" 413 " in body
    assert head == b""


def test_only_http_1_is_spoken(product: Product) -> None:
    address = urlsplit(product.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=60) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
        assert not connection.recv(1000).startswith(b"\x00")
