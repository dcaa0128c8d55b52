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
    acts = [
        Command("new-chat", t("New chat"), selector="[data-testid=new-chat]", others=("chat", "neu")),
        Command("temporary-chat", t("New temporary chat"), route=TEMPORARY_CHAT, others=("private", "privat")),
        Command("new-folder", t("New folder"), selector="[data-testid=folder-new]"),
        Command(
            "export",
            t("Export this conversation"),
            selector="[data-testid=export-current]",
            others=("download", "save", "pdf", "word", "markdown", "herunterladen", "speichern"),
            needs=(Permission.CONVERSATION_EXPORT,),
        ),
        Command(
            "export-all",
            t("Export all conversations"),
            selector="[data-testid=export-all]",
            others=("backup", "Sicherung"),
            needs=(Permission.CONVERSATION_EXPORT,),
        ),
        Command(
            "import",
            t("Import conversations"),
            selector="[data-testid=import-open]",
            others=("ChatGPT", "Open WebUI", "restore"),
            needs=(Permission.CONVERSATION_WRITE,),
        ),
        Command("side", t("Side by side"), route=SIDE, others=("panes", "split", "nebeneinander", "teilen")),
        Command("compare", t("Compare models or assistants"), route=f"{SIDE}?compare=", others=("vergleichen",)),
        Command("sidebar", t("Fold the sidebar"), selector="[data-testid=sidebar-toggle]"),
        Command("keys", t("Keyboard"), selector="[data-shortcut=help]", others=("shortcuts", "Tasten")),
    ]
    pages = [
        Command(
            item.testid, item.label, route=item.route,
            needs=(item.permission, *(name for name, _ in item.others)) if item.permission else (),
        )
        for item in navigation
    ]  # fmt: skip
    account = [
        Command("account", t("My account"), route=ACCOUNT, others=("profile", "settings", "Profil", "Einstellungen")),
        Command("security", t("Sign-in and security"), route=SECURITY, others=("password", "Passwort", "2FA")),
        Command("notifications", t("Notifications"), route=NOTIFICATIONS),
        Command("usage", t("My usage"), route=OWN_USAGE),
        Command("groups", t("My groups"), route=GROUPS, needs=(Permission.PERSON_READ,)),
    ]
    return [*acts, *pages, *more, *account, *preference_commands()]
