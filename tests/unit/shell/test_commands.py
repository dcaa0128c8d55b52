"""What the palette offers: each thing once, with its sign, in a group that has a name."""

from typing import get_args

from convosphere.navigation import NAVIGATION
from convosphere.shell.commands import frame_commands
from convosphere.ui.palette import Group


def test_each_command_has_a_sign_and_a_group_and_does_one_thing() -> None:
    commands = frame_commands(NAVIGATION)
    assert len({command.id for command in commands}) == len(commands)
    assert {command.group for command in commands} | {"administration"} == set(get_args(Group))
    for command in commands:
        ways = [command.route, command.selector, command.locale, command.theme]
        assert len([way for way in ways if way]) == 1, command.id
        assert "Lucide" in str(command.as_row()["icon"]), command.id
