// The playground: one form for what is tried and what is asked. Fields are the browser's own until it is sent.
import { createElement as h, useRef } from "react";

/** Sends all fields, with the value of the button that was pressed as `act`; Enter in the question asks. */
export function PlaygroundForm({ onSend, className, children }) {
  const form = useRef(null);

  function send(act) {
    const values = [...new FormData(form.current)].filter(([, value]) => typeof value === "string");
    onSend({ ...Object.fromEntries(values), act });
  }

  function onSubmit(event) {
    event.preventDefault();
    send(event.nativeEvent.submitter?.value ?? "ask");
  }

  function onKeyDown(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    const isAsking = event.target.name === "question" && !event.shiftKey;
    if (isAsking || event.target.matches("input")) event.preventDefault();
    if (isAsking) send("ask");
  }

  return h("form", { ref: form, className, onSubmit, onKeyDown, noValidate: true }, children);
}
