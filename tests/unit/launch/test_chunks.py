"""What is changed in the configurations of the bundler and the router, or the build stops and says why."""

import json
from pathlib import Path

import pytest

from convosphere.core.errors import ConfigurationError
from convosphere.launch.compiling import gather_chunks, prerender_beginnings


def test_groups_of_chunks_are_added_once(tmp_path: Path) -> None:
    configuration = tmp_path / "vite.config.js"
    configuration.write_text("codeSplitting: { groups: [ { test: /env.json/ } ] }")
    gather_chunks(tmp_path)
    gather_chunks(tmp_path)
    text = configuration.read_text()
    assert text.count("lucide-react") == text.count('name: "frame"') == text.count("env.json") == 1


def test_page_that_may_have_an_id_is_made_ahead_without_one(tmp_path: Path) -> None:
    (tmp_path / "routes.json").write_text(json.dumps(["index", "chat/[[id]]", "documents/[id]"]))
    configuration = tmp_path / "react-router.config.js"
    configuration.write_text('export default {"ssr": false, "prerender": true};')
    prerender_beginnings(tmp_path)
    prerender_beginnings(tmp_path)
    assert configuration.read_text() == (
        'export default {"ssr": false, "prerender": ({ getStaticPaths }) => [...getStaticPaths(), ...["/chat"]]};'
    )


def test_an_unknown_configuration_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "vite.config.js").write_text("manualChunks: {}")
    with pytest.raises(ConfigurationError, match=r"vite\.config\.js"):
        gather_chunks(tmp_path)
    (tmp_path / "routes.json").write_text("[]")
    (tmp_path / "react-router.config.js").write_text("export default {};")
    with pytest.raises(ConfigurationError, match=r"react-router\.config\.js"):
        prerender_beginnings(tmp_path)
