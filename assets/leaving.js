// What somebody wrote on a page and has not kept yet is not lost without a question.
import { Dialog } from "@radix-ui/themes";
import { createElement as h, useEffect, useRef, useState } from "react";
import { useBlocker } from "react-router";

const folderOf = ({ pathname }) => pathname.slice(0, pathname.lastIndexOf("/") + 1);

/**
 * Asks before the page is left while `isDirty`: with `words` where another page of the product takes its place, by the browser's
 * own question where it is loaded anew or closed. `isSaving`, if given, is a ref: what is kept for the first time gets a page
 * of its own beside this one, and nobody is asked on the way there.
 */
export function useStaying(isDirty, words, isSaving) {
  const blocker = useBlocker(({ currentLocation: from, nextLocation: to }) => {
    if (!isDirty || from.pathname === to.pathname) return false;
    return !(isSaving?.current && folderOf(from) === folderOf(to));
  });
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    if (window.confirm(words)) blocker.proceed();
    else blocker.reset();
  }, [blocker, words]);
  useUnloading(isDirty);
}

/** Has the browser ask before the page is loaded anew or closed. */
function useUnloading(isDirty) {
  useEffect(() => {
    if (!isDirty) return undefined;
    const ask = (event) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isDirty]);
}

/** A dialog that asks before what was written in it is lost: by Escape, a click beside it, or its cross. */
export function WrittenDialog({ open, onOpenChange, words, children }) {
  const [isDirty, setDirty] = useState(false);
  useUnloading(isDirty);
  useEffect(() => setDirty(false), [open]);
  const change = (isOpen) => (isOpen || !isDirty || window.confirm(words)) && onOpenChange(isOpen);
  const root = h(Dialog.Root, { open, onOpenChange: change }, children);
  return h("div", { className: "form-held", onInput: () => setDirty(true), "data-dirty": isDirty }, root);
}

/**
 * A form of the browser's own fields, around which this stands; what is written counts until `saved` is another. `isChanged` tells
 * what was chosen otherwise than by writing.
 */
export function Staying({ saved, isChanged, words, children }) {
  const isSaving = useRef(false);
  const [isWritten, setDirty] = useState(false);
  const isDirty = isWritten || Boolean(isChanged);
  useStaying(isDirty, words, isSaving);
  useEffect(() => setDirty(false), [saved]);

  function onInput(event) {
    if (!event.target.name) return; // A search within the form is no field of it.
    isSaving.current = false;
    setDirty(true);
  }
  const onSubmit = () => {
    isSaving.current = true;
  };
  return h("div", { className: "form-held", onInput, onSubmit, "data-dirty": isDirty }, children);
}
