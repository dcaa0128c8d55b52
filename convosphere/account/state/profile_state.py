"""One's own profile."""

from typing import Any

import reflex as rx

from convosphere.chat.service import follow_ups
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.mail.sending import is_mail_possible
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import addresses, avatars, profiles
from convosphere.shell import FrameState, show_toast


class ProfileState(rx.State):
    """What the page of the profile shows; what all pages show of the person is the frame's."""

    name: rx.Field[str] = rx.field("")
    name_error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    email: rx.Field[str] = rx.field("")
    email_error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    email_told: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    is_mail_possible: rx.Field[bool] = rx.field(True)
    may_change_email: rx.Field[bool] = rx.field(False)
    has_follow_ups: rx.Field[bool] = rx.field(True)

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def load(self) -> None:
        """Show the profile."""
        actor = current_actor()
        profile = await profiles.get_profile(actor)
        self.name, self.email = profile.name, profile.email
        self.name_error, self.email_error, self.email_told = {}, {}, {}
        self.is_mail_possible = is_mail_possible()
        self.may_change_email = self.is_mail_possible or actor.may(Permission.PERSON_MANAGE)
        self.has_follow_ups = await follow_ups.are_wanted(actor)

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def rename(self, form: dict[str, str]) -> rx.event.EventType[()] | None:
        """Take another name."""
        try:
            await profiles.rename(current_actor(), str(form.get("profile_name", "")))
        except InvalidInputError as error:
            self.name_error = error.message.as_dict()
            return None
        self.name_error = {}
        await show_toast(self, "success", t("Your name is saved."))
        return FrameState.load

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def ask_for_email(self, form: dict[str, str]) -> rx.event.EventType[()] | None:
        """Ask for another address; it is the account's once its link is opened."""
        email = str(form.get("profile_email", "")).strip()
        self.email_error, self.email_told = {}, {}
        try:
            outcome = await addresses.ask_for_address(current_actor(), email)
        except (InvalidInputError, ConflictError) as error:
            self.email_error = error.message.as_dict()
            return None
        if outcome == "asked":
            told = t("A link is on its way to {email}. Until it is opened, your address stays as it is.", email=email)
            self.email_told = told.as_dict()
            return None
        self.email = email.lower()
        self.email_told = t("Your e-mail address is changed.").as_dict()
        return FrameState.load

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def keep_density(self, density: str) -> None:
        """Remember how close rows stand."""
        await profiles.prefer(current_actor(), "density", density)

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def keep_time_zone(self, time_zone: str) -> None:
        """Remember as of which time zone dates are shown."""
        await profiles.prefer(current_actor(), "time_zone", time_zone)

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def keep_follow_ups(self, are_wanted: bool) -> None:
        """Remember whether one wants questions that may follow an answer."""
        await follow_ups.want(current_actor(), are_wanted=are_wanted)
        self.has_follow_ups = are_wanted

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def remove_avatar(self) -> rx.event.EventType[()]:
        """Go back to initials."""
        await avatars.remove_avatar(current_actor())
        return FrameState.load
