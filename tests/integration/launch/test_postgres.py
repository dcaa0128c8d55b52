"""The embedded PostgreSQL, started for real in directories of the test's own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from convosphere.core.errors import ConfigurationError
from convosphere.launch import cluster, postgres
from convosphere.launch.postgres import embedded_postgres, embedded_server

_KEEPER = """
import sys, time
from pathlib import Path
from convosphere.launch.postgres import embedded_postgres
with embedded_postgres(Path(sys.argv[1]), durable=False):
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose cluster all tests of this file use one after another."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def keeper(data: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs the server of `data`."""
    command = [sys.executable, "-c", _KEEPER, str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def _server(data: Path) -> psutil.Process:
    return psutil.Process(int((data / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0]))


def test_app_role_owns_nothing_and_cannot_bypass_row_level_security(data: Path) -> None:
    with embedded_postgres(data, durable=False) as addresses, psycopg.connect(addresses.app_url) as connection:
        powers = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert powers == (False, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE stolen ()")


def test_database_knows_vectors_and_german_capitals(data: Path) -> None:
    with embedded_postgres(data, durable=False) as addresses, psycopg.connect(addresses.owner_url) as connection:
        row = connection.execute("SELECT '{1:2}/3'::sparsevec::text, upper('straße'), current_setting('TimeZone')")
        assert row.fetchone() == ("{1:2}/3", "STRASSE", "UTC")


def test_data_survives_a_restart_and_nothing_else_is_left(data: Path) -> None:
    with embedded_postgres(data) as addresses, psycopg.connect(addresses.owner_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
        server = _server(data)
    assert not server.is_running()
    assert sorted(path.name for path in data.iterdir()) == ["logs", "postgres"]
    with embedded_postgres(data) as addresses, psycopg.connect(addresses.owner_url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (42,)
        connection.execute("DROP TABLE kept")


def test_second_starter_is_told_who_holds_the_directory(data: Path, keeper: subprocess.Popen[str]) -> None:
    with pytest.raises(ConfigurationError, match=rf"process {keeper.pid} runs its database"), embedded_postgres(data):
        pass


def test_two_directories_do_not_meet(data: Path, tmp_path: Path, keeper: subprocess.Popen[str]) -> None:
    with (
        embedded_postgres(tmp_path, durable=False) as addresses,
        psycopg.connect(addresses.superuser_url) as connection,
    ):
        assert connection.execute("SHOW data_directory").fetchone() == (str(tmp_path / "postgres"),)
        assert _server(data).is_running()


def test_killing_the_starter_ends_the_server_and_blocks_nobody(data: Path, keeper: subprocess.Popen[str]) -> None:
    server = _server(data)
    keeper.kill()
    server.wait(timeout=20)
    with embedded_postgres(data, durable=False) as addresses:
        assert _server(data).pid != server.pid
        psycopg.connect(addresses.app_url).close()


def test_server_that_lost_its_starter_is_replaced(data: Path) -> None:
    with embedded_postgres(data, durable=False):
        pass
    sockets = postgres._make_socket_directory(data)
    orphan = postgres.EmbeddedServer(data, cluster.unprivileged_prefix([]), durable=False)
    orphan.start()  # Without the lock, like one whose starter is gone.
    before = _server(data)
    with embedded_postgres(data, durable=False):
        assert not before.is_running()
        assert _server(data).pid != before.pid
    orphan.stop()
    assert not sockets.exists()


def test_server_that_dies_is_started_again_with_its_data(data: Path) -> None:
    with embedded_server(data) as server:
        assert not server.restart_if_dead()
        with psycopg.connect(server.addresses.owner_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
        dead = _server(data)
        dead.kill()
        psutil.wait_procs([dead], timeout=20)
        assert server.restart_if_dead()
        with psycopg.connect(server.addresses.owner_url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (42,)
            connection.execute("DROP TABLE kept")


def test_server_one_of_whose_sessions_crashed_ends_and_is_started_again(data: Path) -> None:
    with embedded_server(data) as server:
        before = _server(data)
        with psycopg.connect(server.addresses.owner_url) as connection:
            os.kill(connection.info.backend_pid, signal.SIGKILL)
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        psutil.wait_procs([before], timeout=20)
        assert server.restart_if_dead()
        psycopg.connect(server.addresses.app_url).close()


def test_number_of_a_dead_server_that_another_process_has_now_is_forgotten(data: Path) -> None:
    with embedded_postgres(data, durable=False):
        left = (data / "postgres" / "postmaster.pid").read_text().split("\n", 1)[1]
    (data / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{left}")
    with embedded_postgres(data, durable=False) as addresses:
        assert _server(data).pid != os.getpid()
        psycopg.connect(addresses.app_url).close()


def test_path_too_long_for_a_socket(tmp_path: Path) -> None:
    directory = tmp_path / ("long" * 30)
    with embedded_postgres(directory, durable=False) as addresses:
        sockets = postgres.socket_directory(directory)
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert len(str(sockets)) < 100
        psycopg.connect(addresses.app_url).close()
    assert not sockets.exists()


def test_interrupted_first_start_is_made_good(tmp_path: Path) -> None:
    (tmp_path / "postgres.unfinished" / "base").mkdir(parents=True)
    with embedded_postgres(tmp_path, durable=False) as addresses:
        psycopg.connect(addresses.app_url).close()
    assert not (tmp_path / "postgres.unfinished").exists()


def test_cluster_of_another_version_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("15\n")
    with pytest.raises(ConfigurationError, match="written by PostgreSQL 15"), embedded_postgres(tmp_path):
        pass


def test_refusal_says_what_the_server_said(data: Path) -> None:
    configuration = data / "postgres" / "postgresql.conf"
    with embedded_postgres(data, durable=False):
        intact = configuration.read_text()
    configuration.write_text("no_such_setting = 1\n")
    with pytest.raises(ConfigurationError, match="no_such_setting"), embedded_postgres(data):
        pass
    configuration.write_text(intact)


@pytest.mark.skipif(os.getuid() != 0, reason="only root needs to become somebody else")
def test_root_without_user_namespaces_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    succeeds = cluster._succeeds
    monkeypatch.setattr(cluster, "_succeeds", lambda command: command[0] != "unshare" and succeeds(command))
    tmp_path.chmod(0o700)
    with pytest.raises(ConfigurationError, match="Start as another user"), embedded_postgres(tmp_path):
        pass


def test_stop_asks_before_it_forces(data: Path, keeper: subprocess.Popen[str]) -> None:
    keeper.send_signal(signal.SIGINT)  # Python turns it into KeyboardInterrupt, which unwinds the block.
    server = _server(data)
    keeper.wait(timeout=20)
    assert not server.is_running()
    assert "interrupted" not in (data / "logs" / "postgres.log").read_text()
