"""Each kind of source against a server of its kind on loopback: what comes, and what is told when nothing does."""

import os
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from convosphere.core.errors import ExpectedError
from convosphere.core.settings import get_settings
from convosphere.knowledge.sources.kinds import KINDS
from convosphere.knowledge.sources.kinds.base import checked_options
from convosphere.knowledge.sources.schemas import Entry, Known
from tests.fixtures.imap import MailFolder, serve_mailbox
from tests.fixtures.website import Page, Website, html, serve_website


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs this installation opened the machine itself."""
    monkeypatch.setenv("SOURCE_HOSTS", "127.0.0.1")
    get_settings.cache_clear()


@pytest.fixture
def site() -> Iterator[Website]:
    with serve_website() as website:
        yield website


async def read_all(
    kind: str, secret: str = "", known: dict[str, Known] | None = None, **options: str
) -> dict[str, bytes]:
    """What a source has: contents by folder and name, or the problem in their place; `known` gets what to know."""
    found: dict[str, bytes] = {}
    described = KINDS[kind]
    defaults = {option.key: option.default for option in described.options}
    async with described.open(checked_options(described, {**defaults, **options}), secret) as source:
        async for entry in source.entries(dict(known or {})):
            content = str(entry.problem).encode() if entry.problem else b""
            if not entry.problem and not _is_same(entry, known):
                content = b"".join([chunk async for chunk in source.read(entry)])
            if content:
                found["/".join(filter(None, (entry.folder, entry.name)))] = content
            if known is not None:
                known[entry.key] = Known(entry.name, entry.fingerprint, entry.memo, "0" * 64)
    return found


def _is_same(entry: Entry, known: dict[str, Known] | None) -> bool:
    return bool(known and entry.key in known and known[entry.key].fingerprint == entry.fingerprint)


RSS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>
<title>News</title><item><title>First &amp; best</title><guid>1</guid><link>/first</link>
<description>&lt;p&gt;In short&lt;/p&gt;</description></item>
<item><title>Second&x;</title><guid>2</guid><description>Only here</description></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id><title>Atomic</title><link href="/atomic"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Some <b>bold</b> words</div></content></entry></feed>"""


async def test_feeds_bring_their_entries_or_the_pages_behind_them(site: Website) -> None:
    site.pages |= {
        "/rss": Page(RSS, "text/xml"),
        "/atom": Page(ATOM, "text/xml"),
        "/first": html("F", "The whole text"),
    }
    found = await read_all("feed", url=f"{site.address}rss", pages="on")
    assert b"The whole text" in found["First & best.html"]
    assert b"Only here" in found["Second.html"]
    assert b"root:" not in b"".join(found.values())
    found = await read_all("feed", url=f"{site.address}atom", pages="")
    assert b"Some <b>bold</b> words" in found["Atomic.html"]
    site.pages["/page"] = html("No feed", "at all")
    with pytest.raises(ExpectedError, match="no RSS or Atom feed"):
        await read_all("feed", url=f"{site.address}page")


async def test_a_directory_is_read_without_what_links_lead_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, outside = tmp_path / "opened", tmp_path / "outside"
    (opened / "deep" / "er").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.md").write_text("not for anybody")
    (opened / "plan.md").write_text("the plan")
    (opened / "deep" / "er" / "notes.txt").write_text("notes")
    (opened / ".hidden.md").write_text("hidden")
    (opened / "empty.md").touch()
    (opened / "link.md").symlink_to(outside / "secret.md")
    (opened / "linked").symlink_to(outside)
    os.mkfifo(opened / "pipe.md")
    with pytest.raises(ExpectedError, match="SOURCE_DIRECTORIES="):
        await read_all("directory", path=str(opened))
    monkeypatch.setenv("SOURCE_DIRECTORIES", str(opened))
    get_settings.cache_clear()
    assert await read_all("directory", path=str(opened)) == {"plan.md": b"the plan", "deep/er/notes.txt": b"notes"}
    for path in (outside, opened / ".." / "outside", opened / "linked"):
        with pytest.raises(ExpectedError, match="is not opened"):
            await read_all("directory", path=str(path))


def dav(site: Website, files: dict[str, bytes]) -> Callable[[BaseHTTPRequestHandler], Page | None]:
    """Answers as a WebDAV server with these files would, to Ada with her password."""

    def answer(asked: BaseHTTPRequestHandler) -> Page | None:
        if asked.headers.get("Authorization") != "Basic " + b64encode(b"ada:secret").decode():
            return Page(status=401)
        if asked.command != "PROPFIND":
            return Page(files[asked.path], "text/plain") if asked.path in files else None
        inner = [
            path for path in files if path.startswith(asked.path) and "/" not in path[len(asked.path) :].strip("/")
        ]
        folders = {asked.path + path[len(asked.path) :].partition("/")[0] + "/" for path in files
                   if path.startswith(asked.path) and "/" in path[len(asked.path) :]}  # fmt: skip
        found = [_response(path, f"<d:getetag>{len(files[path])}</d:getetag>") for path in inner]
        found += [
            _response(path, "<d:resourcetype><d:collection/></d:resourcetype>") for path in (asked.path, *folders)
        ]
        found.append(_response("http://example.org/elsewhere.md", ""))
        return Page(f'<d:multistatus xmlns:d="DAV:">{"".join(found)}</d:multistatus>'.encode(), "text/xml", status=207)

    return answer


def _response(path: str, properties: str) -> str:
    return f"<d:response><d:href>{path}</d:href><d:propstat><d:prop>{properties}</d:prop></d:propstat></d:response>"


async def test_webdav_is_read_folder_by_folder(site: Website) -> None:
    site.answer = dav(site, {"/dav/a%20b.md": b"first", "/dav/in/c.txt": b"second", "/dav/in/x.exe": b"no"})
    options = {"url": f"{site.address}dav/", "user": "ada"}
    known: dict[str, Known] = {}
    assert await read_all("webdav", "secret", known, **options) == {"a b.md": b"first", "in/c.txt": b"second"}
    assert await read_all("webdav", "secret", known, **options) == {}
    with pytest.raises(ExpectedError, match="does not let us in"):
        await read_all("webdav", "wrong", **options)


async def test_a_bucket_is_read_list_by_list(site: Website) -> None:
    objects = {"docs/a.md": b"first", "docs/deep/b c.txt": b"second", "docs/photo.raw": b"no"}

    def answer(asked: BaseHTTPRequestHandler) -> Page | None:
        if "Credential=KEY/" not in asked.headers.get("Authorization", ""):
            return Page(status=403)
        parts = urlsplit(asked.path)
        if parts.path != "/team-files":
            name = parts.path.removeprefix("/team-files/").replace("%20", " ")
            return Page(objects[name], "text/plain")
        start = int(parse_qs(parts.query).get("continuation-token", ["0"])[0])
        key = sorted(objects)[start]
        more = start + 1 < len(objects)
        return Page(
            f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>{str(more).lower()}'
            f"</IsTruncated><Contents><Key>{key}</Key><ETag>{len(objects[key])}</ETag><Size>5</Size></Contents>"
            f"<NextContinuationToken>{start + 1}</NextContinuationToken></ListBucketResult>".encode(), "text/xml"
        )  # fmt: skip

    site.answer = answer
    options = {"url": site.address, "bucket": "team-files", "prefix": "docs/", "user": "KEY"}
    assert await read_all("bucket", "geheim", **options) == {"a.md": b"first", "deep/b c.txt": b"second"}
    assert "geheim" not in str(site.headers)
    with pytest.raises(ExpectedError, match="does not let us in"):
        await read_all("bucket", **options)


def git(*arguments: str, place: Path) -> str:
    identity = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "Ada",
                "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": os.devnull}  # fmt: skip
    command = ["git", "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(
        command, cwd=place, check=True, capture_output=True, text=True, env={**os.environ, **identity}
    ).stdout


def git_server(repositories: Path) -> Callable[[BaseHTTPRequestHandler], Page | None]:
    """Answers by git's own program for servers."""

    def answer(asked: BaseHTTPRequestHandler) -> Page | None:
        parts = urlsplit(asked.path)
        environment = {
            **os.environ, "GIT_PROJECT_ROOT": str(repositories), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query, "REQUEST_METHOD": asked.command, "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": asked.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": asked.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": asked.headers.get("Git-Protocol", ""),
        }  # fmt: skip
        said = subprocess.run(
            ["git", "http-backend"], input=asked.body, capture_output=True, env=environment, check=False
        ).stdout  # pyright: ignore[reportAttributeAccessIssue]
        head, _, body = said.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(headers.pop("Status", "200").split()[0])
        return Page(body, headers.pop("Content-Type", ""), status, headers, tags=False)

    return answer


async def test_a_repository_is_cloned_only_when_it_has_something_new(site: Website, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "guide.md").write_text("# Guide")
    (tmp_path / "docs" / "evil.md").symlink_to("/etc/passwd")
    (tmp_path / "main.py").write_text("print()")
    git("init", "-q", place=tmp_path)
    git("add", "-A", place=tmp_path)
    git("commit", "-qm", "first", place=tmp_path)
    site.answer = git_server(tmp_path)
    options = {"url": f"{site.address}.git", "folder": "docs"}
    known: dict[str, Known] = {}
    assert await read_all("git", known=known, **options) == {"guide.md": b"# Guide"}
    site.asked.clear()
    assert await read_all("git", known=known, **options) == {}
    assert all("upload-pack" in path for _, path, _ in site.asked)
    assert len([path for method, path, _ in site.asked if method == "POST"]) <= 1
    (tmp_path / "docs" / "guide.md").write_text("# Better guide")
    git("commit", "-qam", "second", place=tmp_path)
    assert await read_all("git", known=known, **options) == {"guide.md": b"# Better guide"}
    with pytest.raises(ExpectedError, match="no branch other"):
        await read_all("git", branch="other", **options)
    with pytest.raises(ExpectedError, match="SOURCE_HOSTS=10"):
        await read_all("git", url="http://10.0.0.1/x.git")


@pytest.fixture
def mailbox() -> Iterator[MailFolder]:
    with serve_mailbox() as folder:
        yield folder


async def test_mails_of_a_folder_come_once(mailbox: MailFolder) -> None:
    mailbox.mails = {3: b"Subject: =?utf-8?q?K=C3=B6ln/Bonn?=\r\n\r\nHello", 5: b"Subject: Plan\r\n\r\nThe plan"}
    options = {"host": "127.0.0.1", "port": str(mailbox.port), "user": "ada", "plain": "on"}
    known: dict[str, Known] = {}
    found = await read_all("imap", "letmein", known, **options)
    assert {name: content[-5:] for name, content in found.items()} == {"Plan.eml": b" plan", "Köln-Bonn.eml": b"Hello"}
    mailbox.fetched.clear()
    mailbox.mails[6] = b"Subject: New\r\n\r\nNews"
    assert list(await read_all("imap", "letmein", known, **options)) == ["New.eml"]
    assert mailbox.fetched == [6]
    with pytest.raises(ExpectedError, match="does not take this name and password"):
        await read_all("imap", "wrong", **options)
    with pytest.raises(ExpectedError, match="no folder Lost"):
        await read_all("imap", "letmein", folder="Lost", **options)
    mailbox.endless = True
    with pytest.raises(ExpectedError, match="broke off"):
        await read_all("imap", "letmein", **options)
