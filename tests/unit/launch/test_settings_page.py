"""The page of all settings."""

from convosphere.core.settings import Settings
from convosphere.launch.settings_page import PAGE, render


def test_page_is_the_one_that_the_settings_give() -> None:
    assert PAGE.read_text() == render(), "run `python -m convosphere settings` and commit the page"


def test_every_setting_is_listed_with_what_it_is_for() -> None:
    page = render()
    for field in Settings.model_fields.values():
        assert f"| `{field.alias}` |" in page
        assert field.description
