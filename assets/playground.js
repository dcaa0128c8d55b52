// The playground: one form for what is tried and what is asked. Fields are the browser's own until it is sent.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useStaying } from "./leaving.js";

const COLUMN = /-\d$/; // What answers in which column, which nobody writes.

/**
 * Sends all fields, with the value of the button that was pressed as `act`; Enter in the question asks. A working copy that is
 * not saved, another number of which is `saved` then, and a question that was not asked are not left without a question.
 */
export function PlaygroundForm({ saved, leaving, onSend, className, children }) {
  const form = useRef(null);
  const [isChanged, setChanged] = useState(false);
  const [isUnasked, setUnasked] = useState(false);
  useStaying(isChanged || isUnasked, leaving);
  useEffect(() => setChanged(false), [saved]);

  function onInput({ target }) {
    if (target.name === "question") setUnasked(Boolean(target.value.trim()));
    else if (!COLUMN.test(target.name)) setChanged(true);
  }

  function send(act) {
    if (act === "ask") setUnasked(false);
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

  return h("form", { ref: form, className, onInput, onSubmit, onKeyDown, noValidate: true }, children);
}
