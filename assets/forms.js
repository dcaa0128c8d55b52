// Forms that post to a route which sets the session cookie; scripts never see the cookie itself.
import { createElement as h, useEffect, useRef, useState } from "react";
import { claimDrafts } from "./drafts.js";
import { useI18n } from "./i18n.js";

// What a browser makes of an address counts, not how it is written: it takes "/\t/host" for another host.
const isOwnPath = (path) => {
  const { origin } = window.location;
  return Boolean(path?.startsWith("/")) && URL.canParse(path, origin) && new URL(path, origin).origin === origin;
};

/** Posts fields as JSON. */
export async function post(action, fields) {
  const response = await fetch(action, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fields),
    credentials: "same-origin",
  });
  return { ok: response.ok, answer: await response.json() };
}

/** Where a sign-in leads: to its second step, to where the person wanted to go, or to `next`. */
export function finish(answer, next = "/") {
  const query = new URLSearchParams(window.location.search);
  if (answer.person) claimDrafts(answer.person);
  const wanted = query.get("next");
  if (answer.proceed) {
    const step = new URL(answer.proceed, window.location.origin);
    if (wanted) step.searchParams.set("next", wanted);
    window.location.assign(step);
    return;
  }
  window.location.assign(isOwnPath(wanted) ? wanted : next);
}

/** What went wrong with a form. Where the server says how long to wait, it counts down, and `isHeld` until then. */
export function useFormError() {
  const [error, setError] = useState(null);
  const seconds = error?.retry_after ?? 0;
  useEffect(() => {
    if (!seconds) return undefined;
    const timer = setTimeout(() => {
      const left = seconds - 1;
      setError(left ? { ...error, retry_after: left, values: { ...error.values, seconds: left } } : null);
    }, 1000);
    return () => clearTimeout(timer);
  }, [error, seconds]);
  return { error, setError, isHeld: seconds > 0 };
}

/** The fields of a form, none of which can be used while it is held. */
export const heldFields = (isHeld, children) => h("fieldset", { disabled: isHeld, className: "form-held" }, children);

/**
 * Posts its fields as JSON together with the page's own query, such as a link's token; then loads the next page anew, or
 * gives way to what the server has to say.
 */
export function PostForm({ action, next = "/", offline, errorTestId, doneTestId, children }) {
  const i18n = useI18n();
  const form = useRef(null);
  const { error, setError, isHeld } = useFormError();
  const [told, setTold] = useState(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event) {
    event.preventDefault();
    if (isBusy || isHeld) return;
    setBusy(true);
    setError(null);
    const query = Object.fromEntries(new URLSearchParams(window.location.search));
    try {
      const { ok, answer } = await post(action, {
        ...query,
        ...Object.fromEntries(new FormData(form.current)),
        locale: i18n.locale,
      });
      if (ok) {
        if (answer.text) {
          setTold(answer);
          return;
        }
        finish(answer, next);
        return;
      }
      setError(answer);
    } catch {
      setError({ text: offline });
    }
    setBusy(false);
    form.current.querySelector("input:not([type=hidden])")?.focus();
  }

  if (told) return h("p", { role: "status", className: "form-told", "data-testid": doneTestId }, i18n.message(told));
  return h(
    "form",
    { ref: form, onSubmit: submit, className: "form-column", noValidate: false, "aria-busy": isBusy },
    error && h("p", { role: "alert", className: "form-error", "data-testid": errorTestId }, i18n.message(error)),
    heldFields(isHeld, children),
  );
}

