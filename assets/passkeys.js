// Passkeys: what the browser does with them, and the buttons that use one.
import { createElement as h, useEffect, useState } from "react";
import { finish, post, useFormError } from "./forms.js";
import { useI18n } from "./i18n.js";
import { proved } from "./reauthentication.js";

/** Whether this browser has them here: not on a site without https, unless it is this machine. */
export const isPossible = () =>
  window.isSecureContext && typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";

export async function makePasskey(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return JSON.stringify(await navigator.credentials.create({ publicKey }));
}

async function usePasskeyOnce(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return JSON.stringify(await navigator.credentials.get({ publicKey }));
}

/** Asks the server, then the device, then the server; gives its answer, or throws what it refused with. */
async function prove(optionsAction, action) {
  const asked = await post(optionsAction, {});
  if (!asked.ok) throw asked.answer;
  const credential = await usePasskeyOnce(asked.answer.options);
  const { ok, answer } = await post(action, { token: asked.answer.token, credential });
  if (!ok) throw answer;
  return answer;
}

/** Of an error: what the server said of it, or words of the page for what went wrong here. */
export function described(error, { cancelled, offline }) {
  if (error?.text) return error;
  return { text: error instanceof DOMException ? cancelled : offline };
}

/** Runs `children`, a button, as a passkey sign-in; with `proves` it answers the question who one is. */
export function PasskeyWay({ optionsAction, action, proves = false, words, errorTestId, children }) {
  const i18n = useI18n();
  const [isShown, setShown] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const { error, setError, isHeld } = useFormError();
  useEffect(() => setShown(isPossible()), []);

  async function run() {
    if (isBusy || isHeld) return;
    setBusy(true);
    setError(null);
    try {
      const answer = await prove(optionsAction, action);
      if (proves) proved();
      else finish(answer);
    } catch (reason) {
      setError(described(reason, words));
    }
    setBusy(false);
  }

  if (!isShown) return null;
  return h(
    "div",
    { className: "form-column", onClick: run, "aria-busy": isBusy, "data-proof": "" },
    error && h("p", { role: "alert", className: "form-error", "data-testid": errorTestId }, i18n.message(error)),
    children,
  );
}
