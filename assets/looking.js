// Looking as somebody: another session, so the page is loaded anew with it.
import { createElement as h, useState } from "react";
import { useI18n } from "./i18n.js";
import { confirmIdentity } from "./reauthentication.js";

const PROOF_ASKED = "reauthentication_required";

async function lookAs(person) {
  const response = await fetch("/auth/look-as", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ person }),
    credentials: "same-origin",
  });
  return { ok: response.ok, answer: await response.json() };
}

/** Its child is the button; what is refused is said below it. */
export function LookButton({ person, next, offline, children }) {
  const i18n = useI18n();
  const [error, setError] = useState(null);

  async function look() {
    setError(null);
    try {
      let { ok, answer } = await lookAs(person);
      if (answer.code === PROOF_ASKED) {
        if (!(await confirmIdentity())) return;
        ({ ok, answer } = await lookAs(person));
      }
      if (ok) window.location.assign(next);
      else setError(answer);
    } catch {
      setError({ text: offline });
    }
  }

  return h(
    "div",
    { className: "look-button", onClick: look },
    children,
    error && h("p", { role: "alert", className: "form-error", "data-testid": "look-error" }, i18n.message(error)),
  );
}
