"""What the shared components promise to those who cannot see, and to scripts."""

import pytest
import reflex as rx

from convosphere.ui.buttons import icon_button
from convosphere.ui.feedback import error_face, status_word
from convosphere.ui.fields import text_field
from convosphere.ui.markdown import markdown
from convosphere.ui.theme import COLOR_SCALES, TONE_COLORS, Tone, theme_plugin


def rendered(component: rx.Component) -> str:
    return str(component.render())


def test_an_icon_button_always_has_a_name() -> None:
    assert '"aria-label":"Copy"' in rendered(icon_button("copy", "Copy"))


def test_a_field_joins_label_input_and_hint() -> None:
    text = rendered(text_field("Name", name="name", help_text="As others see it."))
    assert 'htmlFor:"name"' in text
    assert '"aria-describedby":"name-hint"' in text
    assert 'id:"name-hint"' in text


def test_an_error_offers_a_second_try_only_where_there_is_one() -> None:
    assert "rotate" not in rendered(error_face("It failed."))
    assert "RotateCw" in rendered(error_face("It failed.", on_retry=rx.console_log("again")))


@pytest.mark.parametrize("tone", TONE_COLORS)
def test_every_tone_has_its_scale_among_those_that_are_sent(tone: Tone) -> None:
    assert TONE_COLORS[tone] in COLOR_SCALES
    assert f'"data-accent-color":"{TONE_COLORS[tone]}"' in rendered(status_word("Ready", tone))


def test_scales_come_before_the_tokens_that_refer_to_them() -> None:
    paths = list(theme_plugin().get_stylesheet_paths())
    base = paths.index("@radix-ui/themes/tokens/base.css")
    assert all(paths.index(f"@radix-ui/themes/tokens/colors/{scale}.css") < base for scale in COLOR_SCALES)


def test_no_library_is_bundled_whole() -> None:
    assert not list(theme_plugin().get_frontend_dependencies())


def test_markdown_never_takes_the_way_that_renders_html() -> None:
    imports = markdown("**hello**")._get_all_imports()
    assert "$/public/markdown.js" in imports
    assert not any("rehype-raw" in name for name in imports)
