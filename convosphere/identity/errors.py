"""What can go wrong with people and their sessions.

ExpectedError
├── SignInFailedError        address or password is wrong: which, is not said
├── CredentialRefusedError   a key or token of a program does not work
├── PasswordWrongError       somebody who is signed in does not know the password
├── LinkInvalidError         a set-up or invitation link is used up, expired or wrong
├── SignUpClosedError        accounts are not to be had this way
├── EmailTakenError          an account with this address exists
│   └── UnprovedEmailTakenError  the same, to be told to the owner of the address alone
├── ReauthenticationRequiredError  what is asked for needs a fresh proof of who one is
├── NameTakenError           a group or role with this name exists
├── LastOwnerError           nobody would be left who owns the workspace
├── EmailUnverifiedError     the address of the account is not confirmed yet
├── MailImpossibleError      what is asked for needs mail, and there is no mail server
├── LimitOfLinksError        links were sent often enough lately
├── PasswordRefusedError     too short, too long or too common
├── SignInExpiredError       the second step of a sign-in came too late or too often
├── CodeWrongError           a one-time or recovery code is wrong or used
├── PasskeyRefusedError      a passkey is unknown, or its answer is not true
├── LinksForAnybodyError     the workspace has no links that open for anybody
├── LastFactorError          the role asks for a second factor, and this is the last
├── LastWayInError           without it nobody could sign in to the account any more
├── BodyRefusedError         more was sent than a form holds, or not all of it
└── TooManyAttemptsError     sign-in is slowed down for this address
"""

from convosphere.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    LimitReachedError,
    SignInRequiredError,
    TooManyRequestsError,
)
from convosphere.core.i18n import Message, t


class SignInFailedError(InvalidInputError):
    """Address or password is wrong."""

    code = "sign_in_failed"
    status = 401

    @classmethod
    def default_message(cls) -> Message:
        return t("This e-mail address and password do not belong together. Please check both.")


class CredentialRefusedError(SignInRequiredError):
    """What a program came with opens nothing: why is not said."""

    code = "credential_refused"

    @classmethod
    def default_message(cls) -> Message:
        return t("This key or token does not work, or does not work any more.")


class PasswordWrongError(InvalidInputError):
    """Somebody who is signed in does not know the password."""

    code = "password_wrong"

    @classmethod
    def default_message(cls) -> Message:
        return t("This password is not right.")


class LinkInvalidError(InvalidInputError):
    """A one-time link does not work any more, or never did."""

    code = "link_invalid"
    status = 410

    @classmethod
    def default_message(cls) -> Message:
        return t("This link is used up or has expired. Please ask for a new one.")


class AlreadyFoundedError(LinkInvalidError):
    """The installation has an owner, and gets no second one this way."""

    code = "already_founded"

    @classmethod
    def default_message(cls) -> Message:
        return t("This installation has an owner already. Please sign in, or ask for an invitation.")


class SignUpClosedError(ForbiddenError):
    """Accounts are not to be had this way."""

    code = "sign_up_closed"

    @classmethod
    def default_message(cls) -> Message:
        return t("Accounts are given by invitation here. Please ask an administrator for a link.")


class EmailTakenError(ConflictError):
    """The address has an account."""

    code = "email_taken"

    @classmethod
    def default_message(cls) -> Message:
        return t("There is an account with this e-mail address. Please sign in instead.")


class UnprovedEmailTakenError(EmailTakenError):
    """The address has an account, and whoever entered it has not shown that it is theirs: they learn nothing of it."""


class PasswordRefusedError(InvalidInputError):
    """The password would be too easy to guess, or too long to hash."""

    code = "password_refused"


class BodyRefusedError(InvalidInputError):
    """What was sent is larger than any form, or did not come completely."""

    code = "body_refused"
    status = 413

    @classmethod
    def default_message(cls) -> Message:
        return t("That is too long.")


class TooManyAttemptsError(TooManyRequestsError):
    """Sign-in is slowed down."""

    code = "too_many_attempts"

    @classmethod
    def message_for(cls, seconds: int) -> Message:
        return t("Too many attempts. Please try again in {seconds} seconds.", seconds=seconds)


class NameTakenError(ConflictError):
    """A group or role with this name exists."""

    code = "name_taken"

    @classmethod
    def default_message(cls) -> Message:
        return t("This name is taken. Please choose another.")


class LastOwnerError(ConflictError):
    """Nobody would be left who owns the workspace."""

    code = "last_owner"

    @classmethod
    def default_message(cls) -> Message:
        return t("A workspace needs an owner. Please make somebody else an owner first.")


class ReauthenticationRequiredError(ForbiddenError):
    """What is asked for needs a fresh proof of who one is."""

    code = "reauthentication_required"

    @classmethod
    def default_message(cls) -> Message:
        return t("Please confirm first that it is you.")


class EmailUnverifiedError(ForbiddenError):
    """The address of the account is not confirmed yet."""

    code = "email_unverified"

    @classmethod
    def default_message(cls) -> Message:
        return t("Please confirm your e-mail address first: open the link in the mail that we have sent you.")


class MailImpossibleError(ConflictError):
    """What is asked for needs mail, and there is no mail server."""

    code = "mail_impossible"

    @classmethod
    def default_message(cls) -> Message:
        return t("This installation sends no mail. Please ask an administrator.")


class LimitOfLinksError(LimitReachedError):
    """Links were sent often enough lately."""

    code = "limit_of_links"

    @classmethod
    def default_message(cls) -> Message:
        return t("Several links were sent in the last hour. Please use the newest one, or wait.")


class SignInExpiredError(InvalidInputError):
    """A half-done sign-in, or adding of a passkey, is over: too late, too many tries, or done already."""

    code = "sign_in_expired"
    status = 401

    @classmethod
    def default_message(cls) -> Message:
        return t("This took too long, or was tried too often. Please start again.")


class CodeWrongError(InvalidInputError):
    """A one-time or recovery code is wrong or was used."""

    code = "code_wrong"

    @classmethod
    def default_message(cls) -> Message:
        return t("This code is wrong, too old, or was used already. Please enter the one that is shown now.")


class PasskeyRefusedError(InvalidInputError):
    """A passkey is unknown, or its answer is not true."""

    code = "passkey_refused"
    status = 401

    @classmethod
    def default_message(cls) -> Message:
        return t("This passkey was not accepted. Please try another one, or sign in with your password.")


class LastFactorError(ConflictError):
    """The role asks for a second factor, and this is the last one."""

    code = "last_factor"

    @classmethod
    def default_message(cls) -> Message:
        return t("Your role needs a second factor. Please add another one before you remove this one.")


class LastWayInError(ConflictError):
    """Without it nobody could sign in to the account any more."""

    code = "last_way_in"

    @classmethod
    def default_message(cls) -> Message:
        return t("Without a password, this passkey is the only way into your account. Please set a password first.")


class LinksForAnybodyError(ForbiddenError):
    """The workspace has no links that open for anybody."""

    code = "links_for_anybody"

    @classmethod
    def default_message(cls) -> Message:
        return t("This workspace allows no links that open for anybody.")
