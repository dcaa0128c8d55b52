// Several chats in one window. Each is the chat page in a frame of its own, a tab for the server (pane.js); here is
// only what lies around them.
import { Fragment, createElement as h, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useLocation, useNavigate } from "react-router";
import { CONVERSATIONS } from "./filing.js";
import { NONE, addressOf, change, close, focusOn, layout, setTogether, start, wake } from "./pane_layout.js";
import { focusPane, frames, sectionOf, show, useDetours, useReports, useSwipes, useTurns } from "./pane_talk.js";

const STEP = 24;
const NARROWEST = 280;

const useLayout = () => useSyncExternalStore(layout.subscribe, layout.get, () => NONE);

const PATHS = {
  close: "M6 6l12 12M18 6 6 18",
  whole: "M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7",
  keep: "M5 12l5 5L20 7",
};

function Icon({ name }) {
  const line = { strokeWidth: 1.8, strokeLinecap: "round", strokeLinejoin: "round" };
  const box = { viewBox: "0 0 24 24", width: 16, height: 16, fill: "none", stroke: "currentColor", "aria-hidden": true };
  return h("svg", box, h("path", { d: PATHS[name], ...line }));
}

function HeadButton({ name, label, word, ...rest }) {
  const named = word ? {} : { "aria-label": label, title: label };
  return h("button", { type: "button", className: "pane-act", "data-testid": `pane-${name}`, ...named, ...rest }, h(Icon, { name }), word);
}

function Head({ pane, labels, onKeep, onWhole, onClose }) {
  const { place, title, speaker, label, isBusy, isCompared } = pane;
  return h(
    "header",
    { className: "pane-head" },
    h(
      "span",
      { className: "pane-words" },
      h("span", { className: "pane-title", dir: "auto", "data-testid": "pane-title" }, label || title || labels.fresh),
      h("span", { className: "pane-note", dir: "auto" }, label ? title : speaker),
    ),
    isBusy && h("span", { className: "spinner", role: "img", "aria-label": labels.busy, "data-testid": "pane-busy" }),
    isCompared && place && h(HeadButton, { name: "keep", word: labels.keep, onClick: onKeep }),
    !isCompared && place && h(HeadButton, { name: "whole", label: labels.whole, onClick: onWhole }),
    h(HeadButton, { name: "close", label: labels.close, onClick: onClose }),
  );
}

/** The address is the first one: where a pane goes from there is its own affair. */
function Frame({ pane, isBegun, label }) {
  const { id } = pane;
  const [address] = useState(() => addressOf(pane));
  const keep = useCallback((frame) => (frame ? frames.set(id, frame) : frames.delete(id)), [id]);
  if (!isBegun) return h("div", { className: "pane-frame", "aria-busy": true });
  return h("iframe", { ref: keep, name: id, src: address, title: label, className: "pane-frame" });
}

/** Whether a conversation of the list is dragged; where it is let go, a frame would not tell. */
function useDragging() {
  const [isDragging, setDragging] = useState(false);
  useEffect(() => {
    const onStart = (event) => setDragging(Boolean(event.target.closest?.(".conversation-line")));
    const onEnd = () => setDragging(false);
    document.addEventListener("dragstart", onStart);
    document.addEventListener("dragend", onEnd);
    return () => {
      document.removeEventListener("dragstart", onStart);
      document.removeEventListener("dragend", onEnd);
    };
  }, []);
  return isDragging;
}

/** Takes a conversation in place of the one that its pane shows. */
function Landing({ id, label }) {
  const [isOver, setOver] = useState(false);
  const onDragOver = (event) => {
    if (!event.dataTransfer.types.includes(CONVERSATIONS)) return;
    event.preventDefault();
    setOver(true);
  };
  const onDrop = (event) => {
    event.preventDefault();
    const [first] = JSON.parse(event.dataTransfer.getData(CONVERSATIONS) || "[]");
    focusOn(id);
    if (first) show(addressOf({ place: first }));
  };
  return h("div", { className: "pane-landing", "data-over": isOver, onDragOver, onDragLeave: () => setOver(false), onDrop }, label);
}

/** Moves the edge between two panes by so many pixels, or makes all alike. */
function moveEdge(first, second, shift) {
  const [before, after] = [sectionOf(first.id).offsetWidth, sectionOf(second.id).offsetWidth];
  const both = before + after;
  const next = Math.min(Math.max(before + shift, NARROWEST), both - NARROWEST);
  if (both < NARROWEST * 2) return;
  const shares = first.share + second.share;
  change(first.id, { share: (shares * next) / both });
  change(second.id, { share: (shares * (both - next)) / both });
}

const evenOut = () => layout.get().panes.forEach(({ id }) => change(id, { share: 1 }));

function Edge({ first, second, label, onHold }) {
  const direction = () => (document.documentElement.dir === "rtl" ? -1 : 1);
  const onPointerDown = (event) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    event.preventDefault();
    onHold(true);
  };
  const onPointerMove = (event) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = event.currentTarget.getBoundingClientRect();
    moveEdge(first, second, direction() * (event.clientX - box.left - box.width / 2));
  };
  const onKeyDown = (event) => {
    const shifts = { ArrowLeft: -STEP * direction(), ArrowRight: STEP * direction(), Home: -Infinity, End: Infinity };
    if (event.key === "Enter") evenOut();
    else if (event.key in shifts) moveEdge(first, second, shifts[event.key]);
    else return;
    event.preventDefault();
  };
  const share = Math.round((100 * first.share) / (first.share + second.share));
  return h("div", {
    className: "pane-edge",
    role: "separator",
    tabIndex: 0,
    "aria-orientation": "vertical",
    "aria-label": label,
    "aria-valuenow": share,
    "aria-valuemin": 0,
    "aria-valuemax": 100,
    "data-testid": "pane-edge",
    onPointerDown,
    onPointerMove,
    onLostPointerCapture: () => onHold(false),
    onDoubleClick: evenOut,
    onKeyDown,
  });
}

/** On which of the panes a phone is. */
function Dots({ panes, focused, labels }) {
  const dot = (pane, n) =>
    h("button", {
      key: pane.id,
      type: "button",
      className: "pane-dot",
      "aria-label": `${n + 1}: ${pane.title || labels.fresh}`,
      "aria-current": pane.id === focused,
      "data-testid": "pane-dot",
      onClick: () => focusPane(pane.id),
    });
  return h("nav", { className: "pane-dots", "aria-label": labels.panes }, panes.map(dot));
}

function useFirstLook(onCompare) {
  const { search } = useLocation();
  const navigate = useNavigate();
  const wants = new URLSearchParams(search).has("compare");
  useEffect(() => {
    wake();
    if (!layout.get().panes.length) start([{}, {}]);
  }, []);
  useEffect(() => {
    if (!wants) return;
    navigate({ search: "" }, { replace: true });
    onCompare();
  }, [wants]);
}

/** All panes of this window. `onKeep` hears of those that another one was chosen before. */
export function Panes({ labels, onKeep, onCompare }) {
  const plan = useLayout();
  const navigate = useNavigate();
  const row = useRef(null);
  const [isHeld, setHeld] = useState(false);
  const [filesStay, setFilesStay] = useState(false);
  const begun = useTurns(plan);
  const isDragging = useDragging();
  const onScroll = useSwipes(row);
  useFirstLook(onCompare);
  useReports(navigate, setFilesStay);
  useDetours();

  const alone = (pane) => navigate(addressOf(pane));
  function keep(pane) {
    const others = plan.panes.filter(({ id, place, isCompared }) => id !== pane.id && place && isCompared);
    if (others.length) onKeep(others.map(({ place }) => place));
    start([]);
    alone(pane);
  }
  function leave(pane) {
    close(pane.id);
    const [last, ...others] = layout.get().panes;
    if (last && !others.length) alone(last);
  }
  const section = (pane, n) =>
    h(
      Fragment,
      { key: pane.id },
      n > 0 && h(Edge, { first: plan.panes[n - 1], second: pane, label: labels.edge, onHold: setHeld }),
      h(
        "section",
        {
          className: "pane",
          "aria-label": pane.title || labels.fresh,
          "data-testid": "pane",
          "data-pane": pane.id,
          "data-focused": pane.id === plan.focused,
          style: { flexGrow: pane.share },
        },
        h(Head, { pane, labels, onKeep: () => keep(pane), onWhole: () => alone(pane), onClose: () => leave(pane) }),
        h(Frame, { pane, isBegun: begun.includes(pane.id), label: pane.title || labels.fresh }),
        isDragging && h(Landing, { id: pane.id, label: labels.land }),
      ),
    );
  return h(
    Fragment,
    null,
    h("p", { role: "status", className: filesStay ? "panes-told" : "visually-hidden" }, filesStay ? labels.filesStay : ""),
    plan.panes.length > 1 && h(Dots, { ...plan, labels }),
    h("div", { ref: row, className: "panes", "data-held": isHeld, "data-together": plan.together, onScroll }, plan.panes.map(section)),
  );
}

/** Whether what is asked in one pane is asked in all. */
export function Together({ label, help }) {
  const { panes, together } = useLayout();
  if (panes.length < 2) return null;
  return h(
    "label",
    { className: "together", title: help },
    h("input", { type: "checkbox", role: "switch", checked: together, "data-testid": "pane-together", onChange: () => setTogether(!together) }),
    label,
  );
}
