// Second factors on the page of one's security. Seeds and codes are shown once and never leave this module.
import { createElement as h, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { heldFields, post, useFormError } from "./forms.js";
import { useI18n } from "./i18n.js";
import { described, isPossible, makePasskey } from "./passkeys.js";
import { confirmIdentity, hangUp } from "./reauthentication.js";
import { makeStore } from "./store.js";

const seed = makeStore(null);
const codes = makeStore(null);
const failure = makeStore(null);
let page = { words: {}, onChange: () => {} };

const useStored = (store) => useSyncExternalStore(store.subscribe, store.get, () => null);
export const useSeed = () => useStored(seed);
export const useCodes = () => useStored(codes);
export const useFailure = () => useStored(failure);

/** Posts; where a fresh proof is asked for, asks the person and posts again. Throws what the server refused with. */
async function postDelicate(action, fields) {
  for (const isAgain of [false, true]) {
    const { ok, answer } = await post(action, fields);
    if (ok) return answer;
    if (isAgain || answer.code !== "reauthentication_required" || !(await confirmIdentity())) throw answer;
  }
}

/** The session has a new token, so the page comes back with it; and there may be codes to show. */
function changed(answer) {
  if (answer.codes?.length) codes.set(answer.codes);
  hangUp();
  page.onChange();
}

async function run(act) {
  failure.set(null);
  try {
    await act();
  } catch (reason) {
    if (reason?.code !== "reauthentication_required") failure.set(described(reason, page.words));
  }
}

export const startCodes = () => run(async () => seed.set(await postDelicate("/auth/one-time-codes/start", {})));
export const cancelCodes = () => seed.set(null);
export const renewRecoveryCodes = () => run(async () => changed(await postDelicate("/auth/recovery-codes", {})));
export const forgetCodes = () => codes.set(null);

export const addPasskey = () =>
  run(async () => {
    if (!isPossible()) throw { text: page.words.impossible };
    const { token, options } = await postDelicate("/auth/passkeys/options", {});
    const credential = await makePasskey(options);
    changed(await postDelicate("/auth/passkeys", { token, credential }));
  });

/** Tells the page's State of changes; holds the words for what goes wrong in the browser. */
export function FactorPage({ words, onChange }) {
  useEffect(() => {
    page = { words, onChange };
  });
  useEffect(() => () => [seed, codes, failure].forEach((store) => store.set(null)), []);
  return null;
}

/** The seed as picture and as text. */
export function Seed({ label, copyLabel }) {
  const shown = useSeed();
  if (!shown) return null;
  const spoken = shown.seed.match(/.{1,4}/g).join(" ");
  return h(
    "div",
    { className: "seed" },
    h("img", { src: `data:image/svg+xml,${encodeURIComponent(shown.qr_code)}`, alt: label, "data-testid": "totp-picture" }),
    h("p", { className: "quiet" }, copyLabel),
    h("code", { className: "seed-text", "data-testid": "totp-secret", "data-secret": shown.seed }, spoken),
  );
}

/** The recovery codes, to be copied or kept as a file. */
export function RecoveryCodes({ copyLabel, copiedLabel, downloadLabel, fileName }) {
  const shown = useCodes();
  const [isCopied, setCopied] = useState(false);
  if (!shown) return null;
  const text = `${shown.join("\n")}\n`;
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true));
  return h(
    "div",
    { className: "form-column" },
    h("ul", { className: "recovery-codes" }, shown.map((code) => h("li", { key: code, "data-testid": "recovery-code" }, code))),
    h(
      "div",
      { className: "factor-acts" },
      h("button", { type: "button", className: "plain-button", onClick: copy, "data-testid": "recovery-copy" }, isCopied ? copiedLabel : copyLabel),
      h(
        "a",
        { className: "plain-button", download: fileName, href: `data:text/plain;charset=utf-8,${encodeURIComponent(text)}`, "data-testid": "recovery-download" },
        downloadLabel,
      ),
    ),
  );
}

/** Posts its fields as JSON and stays on the page; `told` is what it says when that is done. */
export function SecurityForm({ action, told, errorTestId, doneTestId, children }) {
  const i18n = useI18n();
  const form = useRef(null);
  const { error, setError, isHeld } = useFormError();
  const [isDone, setDone] = useState(false);
  const [isBusy, setBusy] = useState(false);

  async function submit(event) {
    event.preventDefault();
    if (isBusy || isHeld) return;
    setBusy(true);
    setError(null);
    setDone(false);
    try {
      const answer = await postDelicate(action, Object.fromEntries(new FormData(form.current)));
      form.current?.reset();
      seed.set(null);
      setDone(true);
      changed(answer);
    } catch (reason) {
      if (reason?.code !== "reauthentication_required") setError(described(reason, page.words));
    }
    setBusy(false);
  }

  return h(
    "form",
    { ref: form, onSubmit: submit, className: "form-column", "aria-busy": isBusy, "data-proof": "" },
    error && h("p", { role: "alert", className: "form-error", "data-testid": errorTestId }, i18n.message(error)),
    heldFields(isHeld, children),
    isDone && told && h("p", { role: "status", className: "form-told", "data-testid": doneTestId }, told),
  );
}
