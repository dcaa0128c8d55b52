// The box to write in.
import { Fragment, createElement as h, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { AttachButtons, Attachments, addDocument, addPlace, isWorking, onPaste, returnFiles, takeFiles, useDrop, useFiles } from "./attachments.js";
import { readDraft, saveDraft, shownDraft } from "./drafts.js";
import { useI18n } from "./i18n.js";
import { mayFocus, tellWindow, useAskedBeside } from "./in_pane.js";
import { excess, keyOf, outbox } from "./outbox.js";
import { addressOf, begin, hasLeft, usePlace } from "./place.js";
import { PromptForm } from "./prompt_form.js";
import { TriggerMenu, useTriggers } from "./triggers.js";

const TELL_AGAIN = 3000;

const together = (...texts) => texts.filter(Boolean).join("\n\n");

function without(text, whole) {
  if (whole === text) return "";
  return whole.startsWith(`${text}\n\n`) ? whole.slice(text.length + 2) : whole;
}

const hasMouse = () => window.matchMedia("(pointer: fine)").matches;

function fit(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

/** What is in the field, kept as the draft of its place. */
function useDraft(place) {
  const field = useRef(null);
  const isNew = useRef(true);
  const [isEmpty, setEmpty] = useState(true);
  const show = useCallback((text) => {
    field.current.value = text;
    fit(field.current);
    setEmpty(!text.trim());
    shownDraft.set(text);
  }, []);
  useEffect(() => {
    // Whoever is fast has written before the page came to life.
    const early = isNew.current ? field.current.value : "";
    isNew.current = false;
    if (early) saveDraft(place, early);
    show(early || readDraft(place));
    if (hasMouse() && mayFocus()) field.current.focus();
  }, [place, show]);
  const onChange = () => {
    fit(field.current);
    setEmpty(!field.current.value.trim());
    shownDraft.set(field.current.value);
    saveDraft(place, field.current.value);
  };
  return { field, isEmpty, show, onChange };
}

/** A message on its way while the connection is lost comes back, since nobody knows whether it has arrived. */
function useReturn(sent, isOffline, place, { field, show }) {
  useEffect(() => {
    if (!isOffline || !sent.current || sent.current.isBack) return;
    const { text, place: origin, files } = sent.current;
    sent.current.isBack = true;
    returnFiles(origin, files);
    outbox.set(null);
    const since = origin === place ? field.current.value : without(text, readDraft(origin));
    saveDraft(origin, together(text, since));
    if (origin === place) show(together(text, since));
  }, [sent, isOffline, place, field, show]);
}

/**
 * The receipt of the message on its way: what was refused comes back, what was taken is forgotten, and what was written
 * since stays where it was written.
 */
function useReceipt(sent, receipt, place, { field, show }) {
  const navigate = useNavigate();
  // Before anything is painted, so that a conversation that has just begun never looks like one being loaded.
  useLayoutEffect(() => {
    if (!sent.current || receipt?.key !== sent.current.key) return;
    const { text, place: origin, isBack, files } = sent.current;
    sent.current = null;
    if (isBack) takeFiles(origin);
    if (receipt.state === "refused") returnFiles(origin, files);
    outbox.set(null);
    const isHere = origin === place && !hasLeft(origin);
    const kept = isHere ? field.current.value : readDraft(origin);
    const since = isBack || !isHere ? without(text, kept) : kept;
    if (isBack && isHere) show(since);
    if (receipt.state === "refused") {
      saveDraft(origin, together(text, since));
      if (isHere) show(together(text, since));
    } else if (origin || !isHere) {
      saveDraft(origin, since);
    } else {
      saveDraft(origin, "");
      saveDraft(receipt.conversation, since);
      begin(receipt.conversation);
      navigate(addressOf(receipt.conversation), { replace: true });
    }
  }, [sent, receipt, place, field, show, navigate]);
}

/**
 * What was sent before its conversation was shown, or before the message before it was taken, leaves as soon as that
 * is, unless it was changed since.
 */
function useWaiting(isReady, place, field, send) {
  const waiting = useRef(null);
  useEffect(() => {
    if (!waiting.current || !isReady()) return;
    const { text, place: origin, isUrgent } = waiting.current;
    waiting.current = null;
    if (origin === place && text === field.current.value) send(isUrgent);
  });
  return waiting;
}

/** Something is asked that nobody wrote: what stands in the field stays there. */
function useAsked(field, ask) {
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  useEffect(() => {
    const form = field.current.form;
    const onAsk = (event) => {
      latest.current(event.detail);
      if (hasMouse()) field.current.focus();
    };
    form.addEventListener("ask", onAsk);
    return () => form.removeEventListener("ask", onAsk);
  }, [field]);
}

/** Words that have lost their place come into the field, below what stands there, with a word about it. */
function useGivenBack(place, { field, show }, tell) {
  useEffect(() => {
    const form = field.current.form;
    const onGiveBack = ({ detail: { words, told } }) => {
      const text = together(field.current.value, words);
      saveDraft(place, text);
      show(text);
      tell(told);
      if (hasMouse()) field.current.focus();
    };
    form.addEventListener("give-back", onGiveBack);
    return () => form.removeEventListener("give-back", onGiveBack);
  }, [place, field, show, tell]);
}

/** Others are told that somebody writes, and again as long as it goes on; where there are none, nobody is. */
function useTold(hasOthers, onWrite) {
  const last = useRef(0);
  return () => {
    if (!hasOthers || Date.now() - last.current < TELL_AGAIN) return;
    last.current = Date.now();
    onWrite();
  };
}

/**
 * A message leaves the field at once, with the conversation that it was written in and a key, so that sending it twice
 * stores it once. While that conversation is not shown yet, it waits in the field.
 */
export function Composer({
  longest, ready, busy, stopping, offline, receipt, labels, offer, taken: promptTaken, kinds, commands, canAttach, mostBytes, endings, models, model,
  together: isTogether, onLookUp, onTakePrompt, onStartTemplate, onChooseModel, onWrite, onSend, onStop, children,
}) {
  const place = usePlace();
  const sent = useRef(null);
  const i18n = useI18n();
  const draft = useDraft(place);
  const { field, isEmpty, show, onChange } = draft;
  const isBusy = busy && ready;
  const isOnItsWay = () => Boolean(sent.current && !sent.current.isBack);
  const files = useFiles(place);
  const rules = { canAttach, mostBytes, endings, labels };
  const picker = useRef(null);
  const [told, tell] = useState("");
  const [isOver, setOver] = useState(false);
  const navigate = useNavigate();
  const tellOthers = useTold(isTogether && ready && place, onWrite);
  const acts = {
    prompt: (row) => onTakePrompt(row.id),
    template: (row) => onStartTemplate(row.id),
    model: (row) => onChooseModel(row.id),
    document: (row) => addDocument(place, row),
    folder: (row) => addPlace(place, row),
    tag: (row) => addPlace(place, row),
    collection: (row) => addPlace(place, row),
    command: (row) => (row.id === "attach" ? picker.current?.click() : navigate(row.id)),
  };
  const triggers = useTriggers(field, offer, commands, onLookUp, (row) => acts[row.kind](row));
  const chosen = models.find(({ id }) => id === model) ?? { sees: false };
  useDrop(place, rules, setOver);
  const isHeldUp = isWorking(files);
  useReturn(sent, offline, place, draft);
  useReceipt(sent, receipt, place, draft);
  const waiting = useWaiting(() => ready && !isOnItsWay(), place, field, send);

  useAsked(field, (text) => {
    if (!busy && ready && !isOnItsWay()) leave(text, false);
  });

  useAskedBeside(() => ready && !isOnItsWay(), leave);
  useGivenBack(place, draft, tell);

  function send(isUrgent) {
    const text = field.current.value;
    if (!text.trim() || isHeldUp) return;
    const over = excess(text, longest);
    if (over) {
      tell(labels.tooLong.replace("{count}", i18n.number(over)));
      return;
    }
    if (!ready || isOnItsWay()) {
      waiting.current = { text, place, isUrgent };
      return;
    }
    const taken = takeFiles(place);
    tellWindow("asked", { text, hasFiles: taken.length > 0 });
    leave(text, isUrgent, taken);
    show("");
    tell("");
    if (!hasMouse()) field.current.blur();
  }

  function leave(text, isUrgent, taken = []) {
    const again = sent.current?.isBack && sent.current.text === text && sent.current.place === place;
    sent.current = { key: again ? sent.current.key : keyOf(place, text), text, place, files: taken };
    outbox.set(isBusy ? null : sent.current); // What has to wait is shown as such, with its acts.
    onSend(text, sent.current.key, place, isUrgent, taken.map(({ id, use, kind }) => ({ id, use, kind })));
  }

  function onKeyDown(event) {
    if (triggers.onKeyDown(event)) return;
    // Safari says 229 of the Enter that ends a composition, after it has ended.
    const isComposing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !isComposing) {
      event.preventDefault();
      send(isBusy && (event.ctrlKey || event.metaKey));
    } else if (event.key === "Escape" && isBusy) {
      event.preventDefault();
      onStop();
    }
  }

  function onSubmit(event) {
    event.preventDefault();
    send(false);
  }

  const box = h(
    "form",
    { className: "composer", onSubmit, "data-over": isOver },
    h(TriggerMenu, { triggers, label: labels.offer, kinds }),
    told && h("p", { className: "composer-told", role: "alert", "data-testid": "composer-told" }, told),
    h(Attachments, { place, items: files, labels, model: chosen, seer: models.find(({ sees }) => sees), onSeer: onChooseModel }),
    h("textarea", {
      ref: field,
      rows: 1,
      className: "composer-field",
      "data-testid": "chat-input",
      "aria-label": labels.field,
      placeholder: labels.field,
      dir: "auto",
      enterKeyHint: "send",
      onKeyDown,
      onChange: () => {
        onChange();
        tell("");
        tellOthers();
      },
      onPaste: (event) => onPaste(event, place, rules, tell),
      onSelect: triggers.look,
      onBlur: triggers.close,
      ...triggers.props,
    }),
    h(
      "div",
      { className: "composer-row" },
      h("div", { className: "composer-tools" }, h(AttachButtons, { place, rules, picker }), children),
      h(
        "div",
        { className: "composer-acts" },
        isBusy && h(Act, { name: "stop", label: labels.stop, type: "button", disabled: stopping, onClick: () => onStop() }),
        (!isBusy || !isEmpty) &&
          h(Act, { name: "send", label: isBusy ? labels.queue : labels.send, type: "submit", disabled: isEmpty || !ready || isHeldUp }),
      ),
    ),
  );
  // Beside it: a form has no form within.
  return h(Fragment, null, box, h(PromptForm, { taken: promptTaken, labels, onInsert: insertDraft }));
}

/** Send, which turns into Stop in place. */
function Act({ name, label, ...props }) {
  const stroke = { strokeWidth: 2.2, strokeLinecap: "round", strokeLinejoin: "round" };
  const arrow = { viewBox: "0 0 24 24", width: 18, height: 18, fill: "none", stroke: "currentColor", "aria-hidden": true };
  return h(
    "button",
    { className: "composer-act", "data-testid": `chat-${name}`, "aria-label": label, title: label, ...props },
    name === "stop"
      ? h("span", { className: "stop-square", "aria-hidden": true })
      : h("svg", arrow, h("path", { d: "M12 19V5m-6 6 6-6 6 6", ...stroke })),
  );
}

/** Puts text into the composer, such as a question to start with. */
export function writeDraft(text) {
  const field = document.querySelector("[data-testid=chat-input]");
  if (!field) return;
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

/** Puts text where the cursor of the composer is. */
function insertDraft(text) {
  const field = document.querySelector("[data-testid=chat-input]");
  field.focus();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Puts words that have lost their place below what stands in the composer, and says so. */
export function giveBack(words, told) {
  document.querySelector("form.composer")?.dispatchEvent(new CustomEvent("give-back", { detail: { words, told } }));
}

/** Asks something as if it was written, such as a question that may follow. */
export function askNow(text) {
  document.querySelector("form.composer")?.dispatchEvent(new CustomEvent("ask", { detail: text }));
}

/** Sends what stands in the composer, as its own button does. */
export function sendDraft() {
  document.querySelector("form.composer")?.requestSubmit();
}
