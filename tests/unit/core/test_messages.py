"""Words to people with what they name."""

from convosphere.core.i18n import t


def test_what_is_named_is_filled_in() -> None:
    assert str(t("{count} owls for {name}, {nobody}.", count=2, name="Ada")) == "2 owls for Ada, {nobody}."


def test_what_strangers_call_themselves_is_filled_in_as_it_is() -> None:
    """Else they could put other words there, or make endless ones of a few."""
    told = t("{by} and {name}: {count}", by="{name}{name}", name="{count}{by}", count=3)
    assert told.in_locale("en") == "{name}{name} and {count}{by}: 3"
