// The editor of an assistant: what is written is checked a moment later, and kept only when somebody saves it.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useStaying } from "./leaving.js";

const PAUSE = 350;

const valuesOf = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));

/** Puts a text where the cursor is, as if it was written there. */
function insert(field, text) {
  field.focus();
  const { selectionStart: start, selectionEnd: end } = field;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Fields are the browser's own; the server hears of them when they rest, and of the form when it is saved. */
export function AssistantForm({ saved, brought, leaving, onCheck, onSave, className, children }) {
  const form = useRef(null);
  const timer = useRef(null);
  const isSaving = useRef(false); // A new assistant gets a page of its own when it is saved.
  const [isDirty, setDirty] = useState(false);
  useStaying(isDirty, leaving, isSaving);

  useEffect(() => setDirty(false), [saved]);
  useEffect(() => {
    if (brought) setDirty(true); // A picture, which nobody writes.
  }, [brought]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function onInput(event) {
    // A search within the form is no field of it.
    if (!event.target.name) return;
    isSaving.current = false;
    if (event.target.name !== "why") setDirty(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => form.current && onCheck(valuesOf(form.current)), PAUSE);
  }

  function onClick(event) {
    const chip = event.target.closest("[data-variable]");
    if (chip) insert(form.current.elements.instructions, `{{${chip.dataset.variable}}}`);
  }

  function save(event) {
    event?.preventDefault();
    clearTimeout(timer.current);
    isSaving.current = true;
    onSave(valuesOf(form.current));
  }

  function onKeyDown(event) {
    if (event.key === "s" && (event.ctrlKey || event.metaKey)) save(event);
    // Enter in a field of one line would save half of what is to be written.
    if (event.key === "Enter" && event.target.matches("input:not([type=radio])")) event.preventDefault();
  }

  return h(
    "form",
    { ref: form, className, onInput, onClick, onKeyDown, onSubmit: save, noValidate: true, "data-dirty": isDirty },
    children,
  );
}
