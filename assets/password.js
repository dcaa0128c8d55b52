// How strong a new password is, while it is typed. The server measures it and keeps nothing.
import { createElement as h, useEffect, useRef, useState } from "react";
import { post } from "./forms.js";
import { useI18n } from "./i18n.js";

const PAUSE_MILLISECONDS = 300;
const ABOUT_ONESELF = ["name", "email", "workspace"];

/** A bar and a word below the field that it stands beside; `words` go from the weakest to the strongest. */
export function PasswordMeter({ field, label, words }) {
  const i18n = useI18n();
  const own = useRef(null);
  const [strength, setStrength] = useState(null);

  useEffect(() => {
    const form = own.current.closest("form");
    const input = form.elements[field];
    let timer;
    let asked = 0;
    const measure = async () => {
      const password = input.value;
      const mine = ++asked;
      if (!password) return setStrength(null);
      const about = ABOUT_ONESELF.map((name) => [name, form.elements[name]?.value ?? ""]);
      try {
        const { ok, answer } = await post("/auth/password-strength", { password, ...Object.fromEntries(about) });
        if (ok && mine === asked) setStrength(answer);
      } catch {
        // Without an answer the bar stays as it is; the server checks the password again when it is sent.
      }
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(measure, PAUSE_MILLISECONDS);
    };
    const forget = () => setStrength(null);
    form.addEventListener("input", wait);
    if (input.value) wait(); // Whoever is fast has written before the page came to life.
    form.addEventListener("reset", forget);
    return () => {
      clearTimeout(timer);
      form.removeEventListener("input", wait);
      form.removeEventListener("reset", forget);
    };
  }, [field]);

  const score = strength?.score ?? 0;
  const said = strength ? i18n.message(strength.refusal) || words[score] : "";
  return h(
    "div",
    { ref: own, className: "meter", "data-score": strength ? score : undefined, "data-testid": "password-strength" },
    h(
      "div",
      { className: "meter-bar", role: "meter", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 4, "aria-valuenow": score, "aria-valuetext": said, hidden: !strength },
      [0, 1, 2, 3].map((part) => h("span", { key: part, className: "meter-part", "data-full": strength && part < Math.max(score, 1) ? "" : undefined })),
    ),
    h("p", { className: "meter-word", role: "status" }, said),
  );
}
