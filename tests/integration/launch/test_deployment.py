"""What stands in deploy/ and in the Dockerfile, tried without a container engine."""

import json
import os
import re
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import psycopg
import pytest
import yaml

from convosphere.core.settings import Settings
from convosphere.launch.cluster import binary
from convosphere.launch.migrations import migrate
from convosphere.launch.postgres import embedded_postgres, socket_directory
from convosphere.launch.processes import ROOT
from convosphere.launch.revisions import newest_revision, present_revision

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())


def test_dockerfile_passes_its_linter() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_image_runs_what_is_there_without_root() -> None:
    for script in re.findall(r"deploy/\w+\.\w+", DOCKERFILE):
        assert (ROOT / script).is_file(), script
    last_stage = DOCKERFILE.split("FROM ")[-1]
    assert "\nUSER 10001\n" in last_stage
    assert "\nHEALTHCHECK " in last_stage
    assert "apt-get" not in DOCKERFILE, "a compiler or Node would come that way"
    assert 'CMD [".venv/bin/python", "-m", "convosphere", "run"]' in last_stage


def test_image_holds_all_that_a_start_reads() -> None:
    included = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    needed = {"alembic", "assets", "convosphere", "locales", "reflex.lock", "requirements.txt", "rxconfig.py", "deploy"}
    assert needed <= included
    assert all((ROOT / name).exists() for name in included)


def test_a_script_finds_the_product_from_anywhere(tmp_path: Path) -> None:
    script = ROOT / "bench" / "retrieval.py"
    done = subprocess.run([sys.executable, script, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_compose_gives_settings_that_exist() -> None:
    known = {field.alias for field in Settings.model_fields.values()}
    assert set(COMPOSE["services"]["app"]["environment"]) <= known


def test_compose_starts_the_product_after_what_it_needs() -> None:
    services = COMPOSE["services"]
    for name, need in services["app"]["depends_on"].items():
        assert need == {"condition": "service_healthy"}
        assert services[name]["healthcheck"]["test"]
        assert not services[name]["image"].endswith("latest")
    mounted = [volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])]
    assert all(volume in COMPOSE["volumes"] or (ROOT / "deploy" / volume).exists() for volume in mounted)


def test_own_postgresql_is_prepared_by_the_script(tmp_path: Path) -> None:
    with embedded_postgres(tmp_path, durable=False) as addresses:
        server = addresses.superuser_url.replace("/convosphere?", "/postgres?")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("DROP DATABASE convosphere")
            connection.execute("DROP ROLE convosphere_app, convosphere_owner")
        environment = {
            "PATH": f"{binary('psql').parent}:{os.environ['PATH']}",
            "PGHOST": str(socket_directory(tmp_path)),
            "OWNER_PASSWORD": "it's the owner",
            "APP_PASSWORD": "app",
        }
        subprocess.run([ROOT / "deploy" / "database.sh"], env=environment, check=True)
        migrate(addresses.owner_url, "convosphere_app")
        assert present_revision(addresses.owner_url) == newest_revision()
        with psycopg.connect(addresses.app_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE stolen ()")


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (None, 1)])
def test_health_check_asks_the_product(status: int | None, code: int) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status or 500)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        if status is None:  # Nobody listens any more.
            server.shutdown()
            server.server_close()
        environment = {**os.environ, "PORT": str(server.server_port)}
        assert subprocess.call([sys.executable, ROOT / "deploy" / "health.py"], env=environment) == code
        server.shutdown()
        thread.join()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout, as far as its set-up reads it."""
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    (tmp_path / "tests").mkdir()
    for name in ("requirements.txt", "tests/requirements.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def _set_up(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, checkout / "deploy" / "setup.py"]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def test_set_up_without_a_registry_says_so_and_is_not_taken_for_done(checkout: Path) -> None:
    done = _set_up(checkout, PIP_NO_INDEX="1", PIP_FIND_LINKS="", PIP_CONFIG_FILE=os.devnull)
    assert done.returncode == 1
    assert "Is there a way to PyPI" in done.stderr
    assert (checkout / ".venv" / "bin" / "python").exists()
    assert not (checkout / ".venv" / "convosphere-setup.json").exists()


def test_set_up_does_nothing_twice_and_something_after_a_change(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    ask = "import setup, sys; print(setup.fingerprint(False))"
    fingerprint = subprocess.check_output([sys.executable, "-c", ask], cwd=checkout / "deploy", text=True).strip()
    stamp = checkout / ".venv" / "convosphere-setup.json"
    stamp.write_text(json.dumps({"fingerprint": fingerprint, "tests": False}))
    done = _set_up(checkout)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (checkout / "requirements.txt").write_text("")
    assert "Setting up" in _set_up(checkout, PIP_NO_INDEX="1", PIP_FIND_LINKS="", PIP_CONFIG_FILE=os.devnull).stdout
