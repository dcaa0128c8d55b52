"""Icons come in one file, or the build stops and says why."""

from pathlib import Path

import pytest

from convosphere.core.errors import ConfigurationError
from convosphere.launch.compiling import gather_icons


def test_icons_become_a_group_once(tmp_path: Path) -> None:
    configuration = tmp_path / "vite.config.js"
    configuration.write_text("codeSplitting: { groups: [ { test: /env.json/ } ] }")
    gather_icons(tmp_path)
    gather_icons(tmp_path)
    assert configuration.read_text().count("lucide-react") == 1


def test_an_unknown_configuration_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "vite.config.js").write_text("manualChunks: {}")
    with pytest.raises(ConfigurationError, match="groups of chunks"):
        gather_icons(tmp_path)
