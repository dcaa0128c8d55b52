"""What the palette offers on every page."""

from collections.abc import Sequence

from convosphere.core.page_routes import (
    ACCOUNT,
    GROUPS,
    NOTIFICATIONS,
    OWN_USAGE,
    SECURITY,
    SIDE,
    TEMPORARY_CHAT,
)
from convosphere.core.permissions import Permission
from convosphere.shell.slots import NavigationItem
from convosphere.ui.i18n import t
from convosphere.ui.palette import Command, preference_commands


def frame_commands(navigation: Sequence[NavigationItem], more: Sequence[Command] = ()) -> list[Command]:
    """Acts, the pages of the sidebar, those of the account, and `more`."""
    pages = [
        Command(
            item.testid,
            item.label,
            item.icon,
            "pages",
            route=item.route,
            needs=(item.permission, *(name for name, _ in item.others)) if item.permission else (),
        )
        for item in navigation
    ]
    return [*_acts(), *pages, *more, *_account(), *preference_commands()]


def _acts() -> list[Command]:
    may_export, may_write = (Permission.CONVERSATION_EXPORT,), (Permission.CONVERSATION_WRITE,)
    return [
        Command(
            "new-chat", t("New chat"), "square-pen", "acts", selector="[data-testid=new-chat]", others=("chat", "neu")
        ),
        Command(
            "temporary-chat", t("New temporary chat"), "message-circle-dashed", "acts", route=TEMPORARY_CHAT,
            others=("private", "privat"),
        ),
        Command(
            "new-folder", t("New folder"), "folder-plus", "acts", selector="[data-testid=conversation-folder-new]",
            needs=may_write,
        ),
        *_of_this(),
        Command(
            "export-all", t("Export all conversations"), "archive", "acts", selector="[data-testid=export-all]",
            others=("backup", "Sicherung"), needs=may_export,
        ),
        Command(
            "import", t("Import conversations"), "upload", "acts", selector="[data-testid=import-open]",
            others=("ChatGPT", "Open WebUI", "restore"), needs=may_write,
        ),
        Command(
            "side", t("Side by side"), "columns-2", "acts", route=SIDE,
            others=("panes", "split", "nebeneinander", "teilen"),
        ),
        Command(
            "compare", t("Compare models or assistants"), "columns-4", "acts", route=f"{SIDE}?compare=",
            others=("vergleichen",),
        ),
        Command("sidebar", t("Fold the sidebar"), "panel-left", "acts", selector="[data-testid=sidebar-toggle]"),
        Command(
            "keys", t("Keyboard"), "keyboard", "acts", selector="[data-shortcut=help]", others=("shortcuts", "Tasten")
        ),
    ]  # fmt: skip


def _of_this() -> list[Command]:
    """Acts on the conversation that is open; each is offered where its button is."""
    saving = ("download", "save", "pdf", "word", "markdown", "herunterladen", "speichern")
    acts = (
        ("export", t("Export this conversation"), "download", saving),
        ("share", t("Share this conversation"), "user-plus", ("people", "groups", "Personen", "Gruppen")),
        ("link", t("Share this conversation by a link"), "link", ("public", "öffentlich")),
        ("pin", t("Pin this conversation"), "pin", ("keep", "anheften")),
        ("move", t("Move this conversation to a folder"), "folder", ("file", "ablegen", "verschieben")),
        ("tag", t("Tags of this conversation"), "tag", ("label", "Schlagwort")),
        ("archive", t("Archive this conversation"), "archive", ("put away", "weglegen")),
        ("delete", t("Delete this conversation"), "trash-2", ("remove", "entfernen")),
    )
    return [
        Command(f"{name}-current", label, icon, "acts", selector=f"[data-testid={name}-current]", others=others)
        for name, label, icon, others in acts
    ]


def _account() -> list[Command]:
    return [
        Command(
            "account", t("My account"), "user", "account", route=ACCOUNT,
            others=("profile", "settings", "Profil", "Einstellungen"),
        ),
        Command(
            "security", t("Sign-in and security"), "shield-check", "account", route=SECURITY,
            others=("password", "Passwort", "2FA"),
        ),
        Command("notifications", t("Notifications"), "bell", "account", route=NOTIFICATIONS),
        Command("usage", t("My usage"), "chart-column", "account", route=OWN_USAGE),
        Command("groups", t("My groups"), "users-round", "account", route=GROUPS, needs=(Permission.PERSON_READ,)),
    ]  # fmt: skip
