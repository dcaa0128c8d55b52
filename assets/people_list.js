// A list of people to invite: a file or what is pasted goes to the server as it is, which reads and checks it.
import { createElement as h, useRef, useState } from "react";
import { useI18n } from "./i18n.js";

async function read(body) {
  const response = await fetch("/api/people/lists", {
    method: "POST",
    headers: { "X-Requested-With": "convosphere", "Content-Type": "text/csv" },
    body,
    credentials: "same-origin",
  });
  return { ok: response.ok, answer: await response.json() };
}

const Button = ({ disabled, onClick, testId, children }) =>
  h(
    "button",
    {
      type: "button",
      className: "rt-reset rt-BaseButton rt-Button rt-r-size-2 rt-variant-soft rt-high-contrast",
      "data-accent-color": "gray",
      disabled,
      onClick,
      "data-testid": testId,
    },
    children,
  );

export function PeopleList({ fileLabel, pasteLabel, example, readLabel, offline, mostBytes, tooLarge, onRead }) {
  const i18n = useI18n();
  const input = useRef(null);
  const [text, setText] = useState("");
  const [error, setError] = useState(null);
  const [isBusy, setBusy] = useState(false);

  async function take(body) {
    if (isBusy) return;
    if (body.size > mostBytes) {
      setError({ text: tooLarge });
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const { ok, answer } = await read(body);
      if (ok) onRead(answer.id);
      else setError(answer);
    } catch {
      setError({ text: offline });
    }
    setBusy(false);
  }

  function onFile(event) {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) take(file);
  }

  return h(
    "div",
    { className: "form-column people-list", "aria-busy": isBusy },
    error &&
      h("p", { role: "alert", className: "form-error", "data-testid": "people-list-error" }, i18n.message(error)),
    h("input", {
      ref: input,
      type: "file",
      accept: ".csv,.txt,.tsv,text/csv,text/plain",
      onChange: onFile,
      hidden: true,
      "aria-label": fileLabel,
      "data-testid": "people-list-file",
    }),
    h(Button, { disabled: isBusy, onClick: () => input.current.click(), testId: "people-list-choose" }, fileLabel),
    h("label", { className: "field-label", htmlFor: "people-list-text" }, pasteLabel),
    h("textarea", {
      id: "people-list-text",
      className: "people-list-text",
      rows: 6,
      spellCheck: false,
      placeholder: example,
      value: text,
      onChange: (event) => setText(event.target.value),
      "data-testid": "people-list-text",
    }),
    h(
      Button,
      { disabled: isBusy || !text.trim(), onClick: () => take(new Blob([text])), testId: "people-list-read" },
      readLabel,
    ),
  );
}

/** Around the button that fetches a file which is made anew each time, and so asked for by a form of its own. */
export function DownloadForm({ action, children }) {
  return h("form", { method: "post", action, className: "form-column" }, children);
}
