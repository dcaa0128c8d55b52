"""What can go wrong when providers and models are set up."""

from convosphere.core.errors import ConflictError, InvalidInputError
from convosphere.core.i18n import Message, t


class AddressRefusedError(InvalidInputError):
    """An address that nobody may have the server call; `entry` is what PROVIDER_HOSTS lacks, if that would help."""

    code = "address_refused"

    def __init__(self, message: Message, entry: str = "") -> None:
        self.entry = entry
        super().__init__(message)


class ProviderNameTakenError(ConflictError):
    """Another provider of the workspace, or of the settings, has this name already."""

    code = "provider_name_taken"

    @classmethod
    def default_message(cls) -> Message:
        return t("Another provider has this name already. Please choose a different one.")


class ProviderKeyMissingError(InvalidInputError):
    """This provider answers nobody without a key."""

    code = "provider_key_missing"

    def __init__(self, provider: str) -> None:
        super().__init__(t("{provider} needs a key. You find it in your account there.", provider=provider))
