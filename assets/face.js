// A picture of oneself: sent as it is; the server cuts it, and makes one of its own of it.
import { createElement as h, useRef, useState } from "react";
import { useI18n } from "./i18n.js";

const MOST_BYTES = 5_000_000;

async function send(file) {
  const response = await fetch("/api/avatar", {
    method: "POST",
    headers: { "X-Requested-With": "convosphere", "Content-Type": "application/octet-stream" },
    body: file,
    credentials: "same-origin",
  });
  return response.ok ? null : response.json();
}

/** Around the button that opens the choice of files. */
export function FaceUpload({ label, busyLabel, offline, tooLarge, onDone, children }) {
  const i18n = useI18n();
  const input = useRef(null);
  const [error, setError] = useState(null);
  const [isBusy, setBusy] = useState(false);

  async function take(event) {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    if (file.size > MOST_BYTES) {
      setError({ text: tooLarge });
      return;
    }
    setBusy(true);
    try {
      const refused = await send(file);
      setError(refused);
      if (!refused) onDone();
    } catch {
      setError({ text: offline });
    }
    setBusy(false);
  }

  return [
    h("input", {
      key: "file",
      ref: input,
      type: "file",
      accept: "image/png,image/jpeg,image/webp,image/gif",
      hidden: true,
      onChange: take,
      "data-testid": "avatar-input",
      "aria-label": label,
    }),
    h("span", { key: "act", onClick: () => !isBusy && input.current.click() }, children),
    isBusy && h("span", { key: "busy", role: "status", className: "quiet" }, busyLabel),
    error &&
      h(
        "p",
        { key: "error", role: "alert", className: "form-error face-error", "data-testid": "avatar-error" },
        i18n.message(error),
      ),
  ];
}
