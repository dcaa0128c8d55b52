// How much of what the model reads is taken. What is being written is counted here, so that no key asks the server.
import { createElement as h, useDeferredValue, useMemo, useSyncExternalStore } from "react";
import { useFiles, weightOf } from "./attachments.js";
import { shownDraft } from "./drafts.js";
import { estimate } from "./estimate.js";
import { usePlace } from "./place.js";

const NEAR = 0.8;
const PARTS = ["instructions", "passages", "history", "files", "question", "answer"];
const MESSAGE_TOKENS = 4;

/**
 * The parts with what is being written, and how much they take of what may be read: what is kept free for the answer
 * is no part of that, or an empty conversation would look a third full.
 */
function useFilling(use, scale, rates) {
  const text = useDeferredValue(useSyncExternalStore(shownDraft.subscribe, shownDraft.get, () => ""));
  const files = weightOf(useFiles(usePlace()));
  return useMemo(() => {
    const written = text.trim() ? Math.ceil(estimate(text, rates) * scale) + MESSAGE_TOKENS : 0;
    const tokens = { ...use, files, question: written };
    const taken = PARTS.reduce((sum, part) => sum + (tokens[part] ?? 0), 0);
    const answer = tokens.answer ?? 0;
    const share = use.limit > answer ? (taken - answer) / (use.limit - answer) : 0;
    return { tokens, taken, share, level: share > 1 ? "full" : share >= NEAR ? "near" : "well" };
  }, [use, scale, rates, text, files]);
}

/** A ring in the composer's row, with its percentage. */
export function GaugeRing({ use, scale, rates, labels }) {
  const { share, level } = useFilling(use, scale, rates);
  const percent = Math.min(999, Math.round(share * 100));
  const around = 2 * Math.PI * 7;
  const circle = { cx: 9, cy: 9, r: 7, fill: "none", strokeWidth: 2.5 };
  return h(
    "span",
    { className: "gauge", "data-level": level, "data-percent": percent, "data-testid": "gauge" },
    h(
      "svg",
      { viewBox: "0 0 18 18", width: 18, height: 18, "aria-hidden": true },
      h("circle", { ...circle, className: "gauge-track" }),
      h("circle", {
        ...circle,
        className: "gauge-fill",
        strokeDasharray: `${Math.min(1, share) * around} ${around}`,
        transform: "rotate(-90 9 9)",
      }),
    ),
    h("span", { className: "visually-hidden" }, `${labels.used}: `),
    h("span", { className: "gauge-percent" }, `${percent} %`),
    h("span", { className: "visually-hidden", role: "status" }, level === "well" ? "" : labels[level]),
  );
}

/** What takes how much, as a bar and as a list. */
export function GaugeParts({ use, scale, rates, locale, labels }) {
  const { tokens, taken, level } = useFilling(use, scale, rates);
  const whole = Math.max(use.limit ?? 0, taken, 1);
  const number = useMemo(() => new Intl.NumberFormat(locale), [locale]);
  const shown = PARTS.filter((part) => part !== "files" || tokens.files);
  const rows = [...shown.map((part) => [part, tokens[part] ?? 0]), ["free", Math.max(0, (use.limit ?? 0) - taken)]];
  return h(
    "div",
    { className: "gauge-parts", "data-level": level },
    h(
      "div",
      { className: "gauge-bar", "aria-hidden": true },
      shown.map((part) => h("span", { key: part, "data-part": part, style: { width: `${((tokens[part] ?? 0) / whole) * 100}%` } })),
    ),
    h(
      "dl",
      { className: "gauge-list" },
      rows.map(([part, count]) =>
        h(
          "div",
          { key: part, "data-part": part, "data-testid": "gauge-part", "data-tokens": count },
          h("dt", null, labels[part]),
          h("dd", null, number.format(count)),
        ),
      ),
    ),
    level !== "well" && h("p", { className: "gauge-warning" }, labels[level]),
  );
}
