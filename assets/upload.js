// Where files are handed over, and what is on its way: the browser's half of convosphere/knowledge/components/upload.py.
import { createElement as h, memo, useEffect, useRef, useState } from "react";
import { useI18n } from "./i18n.js";
import { add, cancel, cancelAll, clear, isActive, isOpen, markAlike, retry, settle, useUploads } from "./upload_queue.js";
import { filesOfDrop, filesOfInput } from "./upload_sources.js";

const MOST_ROWS = 100;
const MOST_FOLLOWED = 200;
const FOLLOW_MILLISECONDS = 500;

const hasFiles = (event) => event.dataTransfer?.types?.includes("Files");

/** Where files are dropped or picked. Files may be dropped anywhere on the page. */
export function UploadZone({ share, target, mostBytes, endings, labels, advice, children }) {
  const files = useRef(null);
  const folder = useRef(null);
  const [isOver, setOver] = useState(false);
  const take = useRef(null);
  const early = useRef([]);
  const isReady = mostBytes > 0;
  // Until the server has said who sees uploads, what was dropped waits.
  take.current = (found) =>
    isReady ? add(found, { share, target, mostBytes, endings, labels, advice }) : early.current.push(...found);
  useEffect(() => {
    if (isReady && early.current.length) take.current(early.current.splice(0));
  }, [isReady]);

  useEffect(() => {
    let depth = 0;
    const onEnter = (event) => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const onLeave = () => {
      depth = Math.max(depth - 1, 0);
      if (!depth) setOver(false);
    };
    const onOver = (event) => hasFiles(event) && event.preventDefault();
    const onDrop = async (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      take.current(await filesOfDrop(event.dataTransfer));
    };
    const bound = [["dragenter", onEnter], ["dragleave", onLeave], ["dragover", onOver], ["drop", onDrop]];
    for (const [name, listener] of bound) window.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of bound) window.removeEventListener(name, listener);
    };
  }, []);

  const onChange = (event) => {
    take.current(filesOfInput(event.target));
    event.target.value = "";
  };
  const input = (ref, props) =>
    h("input", { type: "file", multiple: true, ref, onChange, className: "visually-hidden", tabIndex: -1, ...props });
  const pick = (ref, label, className) =>
    h("button", { type: "button", className, onClick: () => ref.current.click() }, label);

  return h(
    "section",
    { className: "upload-zone", "data-over": isOver, "aria-label": labels.zone },
    h(
      "p",
      { className: "upload-words" },
      h("span", null, labels.drop),
      " ",
      pick(files, labels.pickFiles, "upload-pick"),
      " · ",
      pick(folder, labels.pickFolder, "upload-pick"),
    ),
    input(files, { "data-testid": "upload-input", "aria-label": labels.pickFiles }),
    input(folder, { "data-testid": "upload-folder-input", "aria-label": labels.pickFolder, webkitdirectory: "" }),
    children,
  );
}

let pick = null;

/** Ask for the file that is to be the newest version of a document, where a page has a `VersionInput`. */
export const pickVersion = (documentId) => pick?.(documentId);

/** What asks for it: not to be seen, since menus close before a file is chosen. */
export function VersionInput({ endings, labels, advice }) {
  const input = useRef(null);
  const versionOf = useRef("");
  useEffect(() => {
    pick = (documentId) => {
      versionOf.current = documentId;
      input.current.click();
    };
    return () => (pick = null);
  }, []);
  const onChange = (event) => {
    add(filesOfInput(event.target), { versionOf: versionOf.current, endings, labels, advice });
    event.target.value = "";
  };
  const props = { type: "file", ref: input, onChange, className: "visually-hidden", tabIndex: -1, "aria-label": labels.version };
  return h("input", { ...props, "data-testid": "version-input" });
}

const RANK = { failed: 0, sending: 1, waiting: 2, same: 3, alike: 3, duplicate: 4, renewed: 5, done: 6, replaced: 6, joined: 6, skipped: 7, cancelled: 7 };
const CHOICES = ["keep", "replace", "skip"];
const CHOICES_ALIKE = ["keep", "replace", "version", "skip"];

const words = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** What is on its way, and what became of it. */
export function UploadList({ labels, alike, onUpload, onChoose }) {
  const i18n = useI18n();
  const shown = useUploads();
  const open = shown.filter(isOpen).map((item) => item.key).slice(-MOST_FOLLOWED).join(" ");
  // What an upload is like is known when it has been read, so the server says so later.
  useEffect(() => {
    const timer = open && setTimeout(() => onUpload(open.split(" ")), FOLLOW_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [open]);
  useEffect(() => markAlike(alike), [alike]);
  if (!shown.length) return null;
  const ended = shown.filter((item) => !isActive(item)).length;
  const same = shown.filter((item) => item.status === "same");
  const choose = (items, choice) => {
    const pairs = settle(items, choice);
    if (pairs.length) onChoose(pairs, choice);
  };
  const rows = [...shown].sort((a, b) => RANK[a.status] - RANK[b.status] || a.id - b.id).slice(0, MOST_ROWS);
  const alikeCount = shown.filter((item) => item.status === "alike").length;
  const finished = words(labels.summary, { done: i18n.number(ended), total: i18n.number(shown.length) });
  const summary = alikeCount ? `${finished} · ${words(labels.alikeMany, { count: i18n.number(alikeCount) })}` : finished;
  return h(
    "section",
    { className: "uploads", "aria-label": labels.list },
    h(
      "div",
      { className: "uploads-head" },
      h("span", { role: "status" }, summary),
      ended < shown.length
        ? h("button", { type: "button", className: "upload-act", onClick: cancelAll }, labels.cancelAll)
        : h("button", { type: "button", className: "upload-act", onClick: clear }, labels.clear),
    ),
    same.length > 1 &&
      h(
        "div",
        { className: "uploads-head uploads-same", "data-testid": "upload-same" },
        h("span", null, words(labels.sameMany, { count: i18n.number(same.length) })),
        h("span", { className: "upload-choices" }, CHOICES.map((choice) => choiceOf(choice, labels[`${choice}All`], () => choose(same, choice), "-all"))),
      ),
    h(
      "ul",
      { className: "upload-rows" },
      rows.map((item) => h(UploadRow, { key: item.id, item, version: item.version, labels, i18n, choose })),
    ),
    shown.length > rows.length &&
      h("p", { className: "quiet" }, words(labels.more, { count: i18n.number(shown.length - rows.length) })),
  );
}

const choiceOf = (choice, label, onClick, suffix, name) =>
  h("button", { type: "button", key: choice, className: "upload-act", onClick, "aria-label": name, "data-testid": `upload-${choice}${suffix}` }, label);

function choicesOf({ status, sameAs }) {
  const may = { replace: sameAs.can_manage, version: sameAs.can_join };
  return (status === "alike" ? CHOICES_ALIKE : CHOICES).filter((choice) => may[choice] ?? true);
}

function stateOf(item, labels, i18n) {
  const size = i18n.bytes(item.file.size);
  if (item.status === "sending") {
    const speed = item.speed ? ` · ${i18n.bytes(item.speed)}/s` : "";
    return words(labels.sending, { sent: i18n.bytes(Math.min(item.sent, item.file.size)), size }) + speed;
  }
  if (item.status === "failed") return item.error?.text ? i18n.message(item.error) : labels.offline;
  if (item.status === "alike") return words(labels.alike, { name: item.sameAs.name, percent: i18n.number(item.percent) });
  if (item.status === "same" || item.status === "joined") return words(labels[item.status], { name: item.sameAs.name });
  if (item.status === "renewed") return words(labels.renewed, { number: i18n.number(item.number) });
  return labels[item.status];
}

const UploadRow = memo(function UploadRow({ item, labels, i18n, choose }) {
  const name = item.folder ? `${item.folder}/${item.file.name}` : item.file.name;
  const named = (text) => words(text, { name: item.file.name });
  const act = (label, onClick, testId) =>
    h("button", { type: "button", className: "upload-act", onClick, "aria-label": named(label.long), "data-testid": testId }, label.short);
  return h(
    "li",
    { className: "upload-row", "data-testid": "upload-row", "data-name": item.file.name, "data-status": item.status },
    h("span", { className: "upload-name", dir: "auto", title: name }, name),
    h("span", { className: "upload-state", role: item.status === "failed" ? "alert" : undefined }, stateOf(item, labels, i18n)),
    item.status === "sending" &&
      h("progress", { className: "progress", max: item.file.size || 1, value: item.sent, "aria-label": named(labels.progress) }),
    isActive(item) && act({ short: labels.cancel, long: labels.cancelNamed }, () => cancel(item), "upload-cancel"),
    (item.status === "same" || item.status === "alike") &&
      h(
        "span",
        { className: "upload-choices" },
        choicesOf(item).map((choice) => choiceOf(choice, labels[choice], () => choose([item], choice), "", `${labels[choice]}: ${item.file.name}`)),
      ),
    item.status === "failed" &&
      item.file instanceof File &&
      act({ short: labels.retry, long: labels.retryNamed }, () => retry(item), "upload-retry"),
  );
});
