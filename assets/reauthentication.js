// Asks who one is before something delicate, and then presses again what was pressed.
import { createElement as h, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { heldFields, post, useFormError } from "./forms.js";
import { useI18n } from "./i18n.js";
import { makeStore } from "./store.js";

// What is asked for comes at once; what was pressed longer ago has nothing to do with it.
const PRESSED_MILLISECONDS = 8000;

// The open question: `target` is to be pressed again, `settle` tells who asked.
const question = makeStore(null);
let pressed = { target: null, at: 0 };

if (typeof document !== "undefined") {
  const remember = (target) => {
    if (target && !target.closest("[data-proof]")) pressed = { target, at: Date.now() };
  };
  document.addEventListener("click", (event) => remember(event.target.closest?.("button, a, [role=menuitem]")), true);
  document.addEventListener("submit", (event) => remember(event.target), true);
}

export const useIsAsked = () =>
  useSyncExternalStore(question.subscribe, () => question.get() !== null, () => false);

function end(isProved) {
  const { settle } = question.get() ?? {};
  question.set(null);
  settle?.(isProved);
}

/** The person closed the dialog. */
export const withdraw = () => end(false);

/** Ask, for scripts that call a route themselves; gives whether the person has proved who they are. */
export const confirmIdentity = () =>
  new Promise((resolve) => {
    withdraw();
    question.set({ target: null, settle: resolve });
  });

/** Opens the dialog when the server asks. */
export function Question({ asked, onSettle }) {
  const settle = useRef(onSettle);
  settle.current = onSettle;
  useEffect(() => {
    if (!asked) return;
    const target = Date.now() - pressed.at < PRESSED_MILLISECONDS ? pressed.target : null;
    question.set({ target, isOfServer: true, settle: () => settle.current() });
  }, [asked]);
  return null;
}

/** The session has a new token, and its sockets come with the old one: hang up, so that the next event opens another. */
export const hangUp = () => window.dispatchEvent(new Event("pagehide"));

function press(target) {
  if (!target?.isConnected) return false;
  if (target.tagName === "FORM") target.requestSubmit();
  else target.click();
  return true;
}

/** To be called by every way to prove oneself, once the browser has the session's new token. */
export function proved() {
  const { target, isOfServer } = question.get() ?? {};
  hangUp();
  end(true);
  if (isOfServer && !press(target)) question.set({ isOver: true });
}

/** Posts its fields as JSON; what it says when nothing could be pressed again stays until it is read. */
export function ProofForm({ action, offline, again, children }) {
  const i18n = useI18n();
  const isOver = useSyncExternalStore(question.subscribe, () => Boolean(question.get()?.isOver), () => false);
  const form = useRef(null);
  const { error, setError, isHeld } = useFormError();
  const [isBusy, setBusy] = useState(false);

  async function submit(event) {
    event.preventDefault();
    if (isBusy || isHeld) return;
    setBusy(true);
    setError(null);
    try {
      const { ok, answer } = await post(action, Object.fromEntries(new FormData(form.current)));
      if (ok) {
        proved();
        return;
      }
      setError(answer);
    } catch {
      setError({ text: offline });
    }
    setBusy(false);
    form.current?.querySelector("input")?.focus();
  }

  if (isOver) return h("p", { role: "status", className: "dialog-text", "data-testid": "reauth-done" }, again);
  return h(
    "form",
    { ref: form, onSubmit: submit, className: "form-column", "aria-busy": isBusy, "data-proof": "", "data-testid": "reauth-form" },
    error && h("p", { role: "alert", className: "form-error", "data-testid": "reauth-error" }, i18n.message(error)),
    heldFields(isHeld, children),
  );
}
