// Copying text, with a word that it was done.
import { useEffect, useState } from "react";

const WORD_STAYS = 1500;

async function copyText(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Browsers give the clipboard only to pages behind https or on localhost; this older way works everywhere.
  const onCopy = (event) => {
    event.preventDefault();
    event.stopPropagation();
    event.clipboardData.setData("text/plain", text);
  };
  document.addEventListener("copy", onCopy, true);
  document.execCommand("copy");
  document.removeEventListener("copy", onCopy, true);
}

/** Copies a text with its form, for word processors and mail; fields that know no form take the text alone. */
export async function copyRich(html, text) {
  if (navigator.clipboard?.write && window.ClipboardItem) {
    const parts = Object.entries({ "text/html": html, "text/plain": text });
    const blobs = parts.map(([type, part]) => [type, new Blob([part], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    return;
  }
  const onCopy = (event) => {
    event.preventDefault();
    event.stopPropagation();
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", text);
  };
  document.addEventListener("copy", onCopy, true);
  document.execCommand("copy");
  document.removeEventListener("copy", onCopy, true);
}

/** Whether a text was copied just now, and what copies it; one that takes work to make is given as a function. */
export function useCopy(text) {
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return undefined;
    const timer = setTimeout(() => setDone(false), WORD_STAYS);
    return () => clearTimeout(timer);
  }, [isDone]);
  return [isDone, () => copyText(typeof text === "function" ? text() : text).then(() => setDone(true))];
}
