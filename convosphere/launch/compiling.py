"""Compiles the pages with Reflex and Vite; run as a process of its own by `frontend`.

    python -m convosphere.launch.compiling           from the frozen package versions in reflex.lock/
    python -m convosphere.launch.compiling --lock    and writes those anew

Reflex asks npm to resolve packages at every build. Here they come from the lock alone, so the same sources give the
same bundle, and what the lock lacks fails the build.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from reflex.utils import build, frontend_skeleton, js_runtimes, prerequisites
from reflex_base import constants
from reflex_base.config import Config
from reflex_base.environment import environment

from convosphere.core.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "reflex.lock"

_GROUPS = "groups: ["
# The first that takes a module has it, with all that it imports: what every page needs, and the icons of single pages.
_OWN_GROUPS = '{ test: /app.root\\.jsx/, name: "frame" }, { test: /lucide-react/, name: "icons" }, '
_UNUSED = "@napi-rs/canvas"
_PRERENDER = '"prerender": true'


def main() -> int:
    """Leave the finished bundle in Reflex's own directory, or only the lock where it belongs."""
    locking = "--lock" in sys.argv[1:]
    environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
    environment.REFLEX_COMPILE_CONTEXT.set(constants.CompileContext.EXPORT)
    web = prerequisites.get_web_dir()
    frozen = {path: path.read_bytes() for path in LOCK.glob("*")}
    if locking or not _is_prepared(web):
        prerequisites.initialize_frontend_dependencies()
    if not locking:
        for path, content in frozen.items():  # Reflex writes the lock anew in its own layout.
            path.write_bytes(content)
        js_runtimes.install_frontend_packages = install_frozen
    prerequisites.get_compiled_app(prerender_routes=True, trigger="export")
    if locking:
        lock = LOCK / "package-lock.json"
        lock.write_text(json.dumps(without_unused(json.loads(lock.read_text())), indent=2, ensure_ascii=False) + "\n")
        return 0
    _allow_minifying(web)
    build.setup_frontend(ROOT)
    gather_chunks(web)
    prerender_beginnings(web)
    _report("building the bundle")
    build.build()
    return 0


def install_frozen(packages: set[str], config: Config) -> None:
    """Install exactly what reflex.lock/ names, unless it is there already.

    Raises:
        ConfigurationError: a page needs a package that the lock does not name, or another version of it.
    """
    web = prerequisites.get_web_dir()
    needed = {
        *packages,
        *config.frontend_packages,
        *(f"{name}@{version}" for name, version in constants.PackageJson.DEPENDENCIES.items()),
        *(f"{name}@{version}" for name, version in constants.PackageJson.DEV_DEPENDENCIES.items()),
    }
    if absent := unlocked(needed, json.loads((LOCK / "package-lock.json").read_text())):
        raise ConfigurationError(f"reflex.lock/ lacks {', '.join(absent)}. Run `make lock` and commit what it writes.")
    frontend_skeleton.sync_root_lockfiles_to_web()
    stamp = web / "node_modules" / ".lock-hash"
    fingerprint = hashlib.sha256((LOCK / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    _report("installing frontend packages")
    subprocess.run(["npm", "ci", "--legacy-peer-deps"], cwd=web, check=True)  # noqa: S607
    stamp.write_text(fingerprint)


def unlocked(needed: set[str], lock: dict[str, dict[str, dict[str, str]]]) -> list[str]:
    """Those of the specifications `name` or `name@version` that a package-lock.json does not satisfy."""
    absent = []
    for specification in sorted(needed):
        name, _, version = specification[1:].partition("@")
        name = specification[0] + name
        locked = lock["packages"].get(f"node_modules/{name}")
        if locked is None or (version.lstrip("v")[:1].isdigit() and locked["version"] != version.lstrip("v")):
            absent.append(specification)
    return absent


def without_unused(lock: dict[str, Any]) -> dict[str, Any]:
    """A package-lock.json without the native libraries that pdf.js draws with where there is no browser: 35 MB."""
    packages = {name: told for name, told in lock["packages"].items() if not name.startswith(f"node_modules/{_UNUSED}")}
    for told in packages.values():
        if _UNUSED in told.get("optionalDependencies", {}):
            del told["optionalDependencies"][_UNUSED]
    return {**lock, "packages": packages}


def _is_prepared(web: Path) -> bool:
    marker = web / constants.Reflex.JSON
    return marker.exists() and json.loads(marker.read_text()).get("version") == constants.Reflex.VERSION


def _allow_minifying(web: Path) -> None:
    """Make the runtime's `eval` indirect.

    A direct one sees all names around it, so that a minifier must leave every name of the chunk as it is. Our policy
    forbids `eval` anyway.
    """
    runtime = web / "utils" / "state.js"
    runtime.write_text(runtime.read_text().replace(" eval(", " (0, eval)("))


def gather_chunks(web: Path) -> None:
    """Have what every page needs come in one file, and all other icons: each shared module would be a request.

    Raises:
        ConfigurationError: the bundler's configuration is not of the form that this knows.
    """
    _put(web / "vite.config.js", _GROUPS, _GROUPS + _OWN_GROUPS)


def prerender_beginnings(web: Path) -> None:
    """Have a page whose address may end in an id made ahead without one, as pages of one address are.

    Raises:
        ConfigurationError: the router's configuration is not of the form that this knows.
    """
    routes: list[str] = json.loads((web / "routes.json").read_text())
    beginnings = [f"/{route.partition('/[[')[0]}" for route in routes if "/[[" in route]
    made = f'"prerender": ({{ getStaticPaths }}) => [...getStaticPaths(), ...{json.dumps(beginnings)}]'
    _put(web / "react-router.config.js", _PRERENDER, made)


def _put(configuration: Path, known: str, wanted: str) -> None:
    text = configuration.read_text()
    if wanted not in text:
        if text.count(known) != 1:
            raise ConfigurationError(f"{configuration.name} is not of the known form: no single {known.strip(': [')}.")
        configuration.write_text(text.replace(known, wanted))


def _report(step: str) -> None:
    sys.stdout.write(f"· {step}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
