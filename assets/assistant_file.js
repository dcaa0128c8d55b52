// A file of an assistant: read here as text, looked at by the server.
import { createElement as h, useRef } from "react";

/** A button that asks for a file, and hands over what stands in it. */
export function AssistantFile({ label, mostBytes, onRead, onRefuse }) {
  const input = useRef(null);

  async function onFile(event) {
    const [file] = event.target.files;
    if (file && file.size <= mostBytes) onRead(await file.text());
    else if (file) onRefuse();
    if (input.current) input.current.value = "";
  }

  return h(
    "div",
    null,
    h("input", {
      ref: input,
      type: "file",
      accept: ".json,application/json",
      onChange: onFile,
      hidden: true,
      "aria-label": label,
      "data-testid": "assistant-file",
    }),
    h(
      "button",
      {
        type: "button",
        className: "rt-reset rt-BaseButton rt-Button rt-r-size-2 rt-variant-soft rt-high-contrast",
        "data-accent-color": "gray",
        onClick: () => input.current.click(),
        "data-testid": "assistant-file-choose",
      },
      label,
    ),
  );
}
