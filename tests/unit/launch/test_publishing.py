"""From Reflex's build to what is served."""

import base64
import gzip
import hashlib
import json
from pathlib import Path

import brotli
import pytest

from convosphere.core.errors import ConfigurationError
from convosphere.launch.publishing import POLICY, SHELLS, make_addresses_relative, make_shells, publish, script_hashes

_ENVIRONMENT_CHUNK = (
    "var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`,TEST_MODE:!1};export{e as t};"
)
_SHELL = '<html><head><link rel="modulepreload" href="/assets/env-abc.js"/></head><script>run()</script></html>'


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    """A build as Reflex leaves it."""
    client = tmp_path / "web" / "build" / "client"
    (client / "assets").mkdir(parents=True)
    (client / "assets" / "reflex-env-abc.js").write_text(_ENVIRONMENT_CHUNK)
    (client / "assets" / "root-abc.js").write_text("const names=[`localhost`];" + "x" * 2000)
    routes = {
        "root": {"path": "", "module": "/assets/root-abc.js", "imports": ["/assets/env-abc.js"]},
        "chat": {"path": "chat/:id?", "module": "/assets/chat-abc.js", "imports": ["/assets/env-abc.js"]},
        "document": {"path": "documents/:document_id", "module": "/assets/document-abc.js", "imports": []},
        "about": {"path": "about", "module": "/assets/about-abc.js", "imports": []},
    }
    manifest = f"window.__reactRouterManifest={json.dumps({'routes': routes})};"
    (client / "assets" / "manifest-abc.js").write_text(manifest)
    (client / "__spa-fallback.html").write_text(_SHELL)
    (client / "index.html").write_text("<html><script>run()</script><script src='/assets/root-abc.js'></script></html>")
    package = tmp_path / "web" / "node_modules" / "pdfjs-dist"
    for name in ("wasm/jbig2_nowasm_fallback.js", "wasm/jbig2.wasm", "cmaps/Adobe-Japan1-0.bcmap"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("x")
    (tmp_path / "web" / "backend").mkdir()
    (tmp_path / "web" / "routes.json").write_text('["index"]')
    return tmp_path / "web"


def test_addresses_become_those_of_the_visitor(workshop: Path) -> None:
    client = workshop / "build" / "client"
    make_addresses_relative(client)
    assert (client / "assets" / "reflex-env-abc.js").read_text() == (
        'var e={PING:location.origin+`/ping`,EVENT:location.origin.replace(/^http/,"ws")+`/_event`,TEST_MODE:!1};'
        "export{e as t};"
    )
    assert "`localhost`" in (client / "assets" / "root-abc.js").read_text()


def test_pages_with_an_id_have_shells_that_ask_for_their_chunks(workshop: Path) -> None:
    client = workshop / "build" / "client"
    make_shells(client)
    shells = client / SHELLS
    assert (shells / "chat" / "[[id]].html").read_text() == _SHELL.replace(
        "</head>", '<link rel="modulepreload" href="/assets/chat-abc.js"/></head>'
    )
    assert "/assets/document-abc.js" in (shells / "documents" / "[document_id].html").read_text()
    assert len(list(shells.rglob("*.html"))) == 2


@pytest.mark.parametrize("absent", ["assets/manifest-abc.js", "__spa-fallback.html"])
def test_build_without_routes_or_shell_is_refused(workshop: Path, absent: str) -> None:
    (workshop / "build" / "client" / absent).unlink()
    with pytest.raises(ConfigurationError, match="shell"):
        make_shells(workshop / "build" / "client")


@pytest.mark.parametrize("content", ["", "fetch(`http://localhost:8000`);const a=`see http://localhost:8000`"])
def test_build_of_an_unknown_form_is_refused(workshop: Path, content: str) -> None:
    (workshop / "build" / "client" / "assets" / "reflex-env-abc.js").write_text(content)
    with pytest.raises(ConfigurationError, match="server's address"):
        make_addresses_relative(workshop / "build" / "client")


def test_published_whole_with_compressed_copies_and_policy(workshop: Path, tmp_path: Path) -> None:
    target = tmp_path / "published"
    publish(workshop, target)
    client = target / "build" / "client"
    plain = (client / "assets" / "root-abc.js").read_bytes()
    assert brotli.decompress((client / "assets" / "root-abc.js.br").read_bytes()) == plain
    assert gzip.decompress((client / "assets" / "root-abc.js.gz").read_bytes()) == plain
    assert not (client / "index.html.br").exists(), "too small to gain from it"
    expected = base64.b64encode(hashlib.sha256(b"run()").digest()).decode()
    assert json.loads((target / POLICY).read_text()) == [f"'sha256-{expected}'"]


def test_parts_of_pdf_js_stand_under_their_names(workshop: Path, tmp_path: Path) -> None:
    publish(workshop, tmp_path / "published")
    parts = {path.name for path in (tmp_path / "published" / "build" / "client" / "pdf").iterdir()}
    assert parts == {"jbig2_nowasm_fallback.js", "Adobe-Japan1-0.bcmap"}
    (workshop / "node_modules" / "pdfjs-dist" / "wasm" / "jbig2_nowasm_fallback.js").unlink()
    with pytest.raises(ConfigurationError):
        publish(workshop, tmp_path / "again")


def test_failed_publishing_leaves_nothing_that_looks_finished(workshop: Path, tmp_path: Path) -> None:
    (workshop / "build" / "client" / "assets" / "reflex-env-abc.js").write_text("")
    with pytest.raises(ConfigurationError):
        publish(workshop, tmp_path / "published")
    assert not (tmp_path / "published").exists()


def test_hashes_are_of_the_exact_text_between_the_tags() -> None:
    text = '\n if (a && b < c) { document.write("&amp;") }\n'
    html = f"<p>x</p><script type='module' async=''>{text}</script><script src='/a.js'></script><style>s</style>"
    expected = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert script_hashes(html) == [f"'sha256-{expected}'"]
