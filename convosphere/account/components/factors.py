"""Second factors on the page of one's security."""

from typing import Any

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

from convosphere.account.state.factor_state import FactorState
from convosphere.identity.components.passkeys import passkey_words
from convosphere.ui import exact_time, t, t_message, tn
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.feedback import notice
from convosphere.ui.fields import form_section, text_field

_MODULE = "$/public/factors.js"


class SecurityForm(rx.Component):
    """A form that stays on the page, asks who one is where the server does, and says that it is done."""

    library = _MODULE
    tag = "SecurityForm"
    action: rx.Var[str]
    told: rx.Var[str]
    error_test_id: rx.Var[str]
    done_test_id: rx.Var[str]


class _FactorPage(rx.Component):
    library = _MODULE
    tag = "FactorPage"
    words: rx.Var[dict[str, str]]
    on_change: rx.EventHandler[rx.event.no_args_event_spec]


class _Seed(rx.Component):
    library = _MODULE
    tag = "Seed"
    label: rx.Var[str]
    copy_label: rx.Var[str]


class _RecoveryCodes(rx.Component):
    library = _MODULE
    tag = "RecoveryCodes"
    copy_label: rx.Var[str]
    copied_label: rx.Var[str]
    download_label: rx.Var[str]
    file_name: rx.Var[str]


def factor_sections() -> rx.Component:
    """What is lacking, passkeys, one-time codes and recovery codes."""
    return rx.fragment(
        _FactorPage.create(words=passkey_words(), on_change=FactorState.load),
        rx.cond(
            FactorState.lacks_factor,
            notice(
                t("Your role needs a second factor. Add a passkey or an app; until then you can do nothing else."),
                data_testid="factor-lacking",
            ),
        ),
        rx.cond(_hook("useFailure", bool), notice(t_message(_hook("useFailure", dict)), data_testid="factor-error")),
        _passkeys(),
        _one_time_codes(),
        _recovery_codes(),
        _codes_dialog(),
        _rename_dialog(),
    )


def _passkeys() -> rx.Component:
    return form_section(
        t("Passkeys"),
        rx.el.ul(rx.foreach(FactorState.passkeys, lambda row: _passkey(row.to(dict))), class_name="factor-rows"),
        rx.el.div(button(t("Add a passkey"), icon="plus", on_click=_call("addPasskey"), data_testid="passkey-add")),
        note=t(
            "Sign in by fingerprint, face or the PIN of your device, without a password. It works on this site alone."
        ),
    )


def _passkey(row: rx.vars.ObjectVar[dict[str, Any]]) -> rx.Component:
    name, used, key = row["name"].to(str), row["last_used_at"].to(str), row["id"].to(str)
    return rx.el.li(
        rx.icon("key-round", size=16, aria_hidden="true"),
        rx.el.div(
            rx.el.span(name, class_name="factor-name", dir="auto"),
            rx.el.span(
                rx.cond(used, rx.fragment(t("Last used:"), " ", exact_time(used)), t("Not used yet")),
                class_name="quiet",
            ),
            class_name="factor-words",
        ),
        icon_button(
            "pencil", t("Rename {name}", name=name), size=16, on_click=FactorState.ask_to_rename(key),
            data_testid="passkey-rename",
        ),
        confirm_dialog(
            t("Remove passkey?"),
            t("You can no longer sign in with {name}.", name=name),
            confirm_label=t("Remove"),
            on_confirm=FactorState.remove_passkey(key),
            trigger=icon_button(
                "trash-2", t("Remove {name}", name=name), size=16, tooltip=False, data_testid="passkey-remove"
            ),
            confirm_testid="passkey-remove-confirm",
        ),
        key=key,
        class_name="factor-row",
        data_testid="passkey-row",
        custom_attrs={"data-passkey-id": key, "data-name": name},
    )  # fmt: skip


def _one_time_codes() -> rx.Component:
    has_seed = _hook("useSeed", bool)
    return form_section(
        t("One-time codes"),
        rx.cond(
            FactorState.totp_since,
            _app_in_use(),
            rx.cond(
                has_seed,
                _confirmation(),
                rx.el.div(
                    button(
                        t("Set up an app"), icon="smartphone", on_click=_call("startCodes"), data_testid="totp-start"
                    )
                ),
            ),
        ),
        note=t("An app on your phone shows six figures that you enter after your password."),
    )


def _app_in_use() -> rx.Component:
    return rx.el.div(
        rx.icon("smartphone", size=16, aria_hidden="true"),
        rx.el.div(
            rx.el.span(t("App for one-time codes"), class_name="factor-name"),
            rx.el.span(t("Since:"), " ", exact_time(FactorState.totp_since), class_name="quiet"),
            class_name="factor-words",
        ),
        confirm_dialog(
            t("Remove app?"),
            t("Its codes work no more."),
            confirm_label=t("Remove"),
            on_confirm=FactorState.remove_one_time_codes,
            trigger=icon_button("trash-2", t("Remove app"), size=16, tooltip=False, data_testid="totp-remove"),
            confirm_testid="totp-remove-confirm",
        ),
        class_name="factor-row",
        data_testid="totp-row",
    )


def _confirmation() -> rx.Component:
    return SecurityForm.create(
        rx.el.p(t("Scan this picture with your app, then enter the code that it shows.")),
        _Seed.create(label=t("QR code for your app"), copy_label=t("If you cannot scan it, type this into your app:")),
        text_field(
            t("Code"),
            name="code",
            required=True,
            input_mode="numeric",
            auto_complete="one-time-code",
            max_length=10,
            data_testid="totp-code",
        ),
        rx.el.div(
            button(t("Confirm"), weight="primary", type="submit", data_testid="totp-confirm"),
            button(t("Cancel"), on_click=_call("cancelCodes"), data_testid="totp-cancel"),
            class_name="factor-acts",
        ),
        action="/auth/one-time-codes",
        error_test_id="totp-error",
    )


def _recovery_codes() -> rx.Component:
    has_factor = (FactorState.totp_since != "") | (FactorState.passkeys.length() > 0)
    return rx.cond(
        has_factor,
        form_section(
            t("Recovery codes"),
            rx.el.p(
                tn("One code is left.", "{count} codes are left.", FactorState.codes_left), data_testid="recovery-left"
            ),
            rx.el.div(
                confirm_dialog(
                    t("Make new recovery codes?"),
                    t("The codes that you have now work no more."),
                    confirm_label=t("Make new codes"),
                    on_confirm=_call("renewRecoveryCodes"),  # pyright: ignore[reportArgumentType]
                    trigger=button(t("Make new codes"), icon="rotate-cw", data_testid="recovery-renew"),
                    confirm_testid="recovery-renew-confirm",
                )
            ),
            note=t("Each of them stands in once for a second factor that you have lost."),
        ),
    )


def _codes_dialog() -> rx.Component:
    return dialog(
        t("Your recovery codes"),
        rx.el.div(
            rx.el.p(t("Keep them where you find them without your phone. Each works once. They are shown only now.")),
            _RecoveryCodes.create(
                copy_label=t("Copy"),
                copied_label=t("Copied"),
                download_label=t("Download"),
                file_name="convosphere-recovery-codes.txt",
            ),
            class_name="form-column",
        ),
        rx.el.div(
            button(t("I have kept them"), weight="primary", on_click=_call("forgetCodes"), data_testid="recovery-done"),
            class_name="dialog-acts",
        ),
        open=_hook("useCodes", bool),
    )


def _rename_dialog() -> rx.Component:
    return dialog(
        t("Rename passkey"),
        rx.el.form(
            text_field(t("Name"), name="passkey_name", required=True, max_length=100, data_testid="passkey-name"),
            rx.el.div(
                button(t("Save"), weight="primary", type="submit", data_testid="passkey-name-save"),
                class_name="dialog-acts",
            ),
            on_submit=FactorState.rename_passkey,
            class_name="form-column",
        ),
        open=FactorState.renamed != "",
        on_open_change=lambda _is_open: FactorState.ask_to_rename(""),
    )


def _hook(name: str, kind: type) -> rx.Var:
    """A value that the browser's part holds."""
    local = f"{name[3:].lower()}OfFactors"
    data = VarData(
        imports={_MODULE: [ImportVar(tag=name)]},
        hooks={f"const {local} = {name}();": None},
    )
    expression = f"({local} !== null)" if kind is bool else local
    return rx.Var(_js_expr=expression, _var_type=kind, _var_data=data)


def _call(name: str) -> FunctionStringVar:
    """A function of the browser's part, to be called on a click."""
    return FunctionStringVar.create(name, _var_data=VarData(imports={_MODULE: [ImportVar(tag=name)]}))
