// Conversations out as files, and files of conversations in.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useSelection } from "./filing.js";
import { useI18n } from "./i18n.js";

const EXPORT = "/api/conversations/export";
const IMPORT = "/api/conversations/imports";
const FRAME = "convosphere-download";

/** Who is told that a file was refused. */
const told = new Set();

/** Why there is no file, in the server's words; null where something else stands in its place, or nothing. */
function reasonIn(frame) {
  try {
    const { text, values } = JSON.parse(frame.contentDocument.body.textContent);
    return text ? { text, values: values ?? {} } : null;
  } catch {
    return null;
  }
}

function makeFrame() {
  const frame = Object.assign(document.createElement("iframe"), { name: FRAME, hidden: true });
  document.body.append(frame);
  // A file is saved and never arrives in the frame. What arrives there says why there is none.
  frame.addEventListener("load", () => {
    if (frame.contentDocument?.URL !== "about:blank") for (const tell of told) tell(reasonIn(frame));
  });
}

/** Says why an export was refused. */
export function ExportRefusal({ otherwise, onRefuse }) {
  const tell = useRef(onRefuse);
  tell.current = onRefuse;
  useEffect(() => {
    const hear = (reason) => tell.current(reason?.text ?? otherwise, reason?.values ?? {});
    told.add(hear);
    return () => told.delete(hear);
  }, [otherwise]);
  return null;
}

/** Have conversations sent as a file. It is a form into a frame, so that the browser saves it as it comes. */
export function download(format, ids) {
  if (!document.getElementsByName(FRAME).length) makeFrame();
  const form = Object.assign(document.createElement("form"), { method: "post", action: EXPORT, target: FRAME, hidden: true });
  for (const [name, value] of Object.entries({ format, ids: ids.join(",") })) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
  form.remove();
}

/** Take out what is selected. */
export function SelectionExport({ label, onExport }) {
  const chosen = useSelection();
  return h(
    "button",
    { type: "button", className: "selection-act", "data-act": "export", "data-testid": "conversations-export", onClick: () => onExport(chosen) },
    label,
  );
}

const answerOf = (request) => {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
};

/** Asks for a file and sends it to be looked through. */
export function ConversationFile({ labels, onBrought }) {
  const i18n = useI18n();
  const input = useRef(null);
  const [sending, setSending] = useState(null);
  const [problem, setProblem] = useState("");

  function send(file) {
    const request = new XMLHttpRequest();
    request.open("POST", IMPORT);
    request.setRequestHeader("X-Requested-With", "convosphere");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = ({ loaded }) => setSending({ request, name: file.name, done: file.size ? loaded / file.size : 1 });
    const fail = () => {
      const told = answerOf(request);
      setSending(null);
      setProblem(told?.text ? i18n.message(told) : labels.failed);
    };
    request.onload = () => {
      setSending(null);
      if (request.status === 201) onBrought(answerOf(request).id);
      else fail();
    };
    request.onerror = fail;
    request.onabort = () => setSending(null);
    setProblem("");
    setSending({ request, name: file.name, done: 0 });
    request.send(file);
  }
  function onChange(event) {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) send(file);
  }
  const act = (label, onClick, testId) =>
    h("button", { type: "button", className: "import-act", onClick, "data-testid": testId }, label);
  return h(
    "div",
    { className: "import-step" },
    h("input", { ref: input, type: "file", accept: ".json,.zip,application/json,application/zip", hidden: true, onChange, "aria-label": labels.choose, "data-testid": "import-file" }),
    sending
      ? h(
          "div",
          { className: "import-step", role: "status" },
          labels.sending.replace("{name}", sending.name),
          h("progress", { className: "progress", max: 1, value: sending.done }),
          act(labels.cancel, () => sending.request.abort(), "import-cancel"),
        )
      : act(labels.choose, () => input.current.click(), "import-choose"),
    problem && h("p", { className: "field-error", role: "alert", "data-testid": "import-problem" }, problem),
  );
}
