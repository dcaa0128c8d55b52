// The box on Home: what is written there is the draft of a new conversation, and is sent in it.
import { createElement as h, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { readDraft, saveDraft } from "./drafts.js";

const PATIENCE_MS = 10_000;
const hasMouse = () => window.matchMedia("(pointer: fine)").matches;

/** Sends the draft as its own button does, once the composer of the new conversation shows it. */
function sendOnceShown(text) {
  const until = performance.now() + PATIENCE_MS;
  const look = () => {
    const form = document.querySelector("form.composer");
    if (form?.querySelector("textarea")?.value === text) form.requestSubmit();
    else if (performance.now() < until) requestAnimationFrame(look);
  };
  look();
}

export function AskBox({ label, sendLabel, to }) {
  const navigate = useNavigate();
  const field = useRef(null);
  const [isEmpty, setEmpty] = useState(true);

  function fit() {
    field.current.style.height = "auto";
    field.current.style.height = `${field.current.scrollHeight}px`;
    setEmpty(!field.current.value.trim());
  }
  useLayoutEffect(() => {
    field.current.value = readDraft("");
    fit();
  }, []);
  useEffect(() => {
    if (hasMouse()) field.current.focus({ preventScroll: true });
  }, []);

  function onInput() {
    saveDraft("", field.current.value);
    fit();
  }

  function begin(event) {
    event.preventDefault();
    const text = field.current.value;
    if (!text.trim()) return;
    saveDraft("", text);
    navigate(to);
    sendOnceShown(text);
  }

  function onKeyDown(event) {
    // Safari says 229 of the Enter that ends a composition, after it has ended.
    const isComposing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !isComposing) begin(event);
  }

  const stroke = { strokeWidth: 2.2, strokeLinecap: "round", strokeLinejoin: "round" };
  const arrow = { viewBox: "0 0 24 24", width: 18, height: 18, fill: "none", stroke: "currentColor", "aria-hidden": true };
  return h(
    "form",
    { className: "home-ask", onSubmit: begin },
    h("textarea", {
      ref: field,
      rows: 1,
      "aria-label": label,
      placeholder: label,
      dir: "auto",
      enterKeyHint: "send",
      "data-testid": "chat-input",
      onInput,
      onKeyDown,
    }),
    h(
      "button",
      { type: "submit", className: "composer-act", "aria-label": sendLabel, title: sendLabel, disabled: isEmpty, "data-testid": "chat-send" },
      h("svg", arrow, h("path", { d: "M12 19V5m-6 6 6-6 6 6", ...stroke })),
    ),
  );
}
