// Behaviour of the frame that must not wait for the server: drawer, side panel, toasts, keyboard.
import { createElement as h, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { matchRoutes, useLocation } from "react-router";
import { useCopy } from "./clipboard.js";
import { forgetDrafts } from "./drafts.js";
import { whenIdle } from "./idle.js";
import { makeStore } from "./store.js";

const SIDEBAR_KEY = "convosphere.sidebar";
const PANEL_KEY = "convosphere.panel";
const PANEL_MIN = 320;
const PANEL_STEP = 24;
const SETTLE_MILLISECONDS = 800;
const RAIL = "(max-width: 900px)";

const drawer = makeStore(false);
const useDrawer = () => useSyncExternalStore(drawer.subscribe, drawer.get, () => false);

const nothing = () => () => {};
/** Whether it is drawn by the browser, which knows more than the build did. */
export const useIsDrawn = () => useSyncExternalStore(nothing, () => true, () => false);

/** The address shown, without a closing slash: "/chat". */
export function usePath() {
  const { pathname } = useLocation();
  return pathname.length > 1 ? pathname.replace(/\/$/, "") : pathname;
}

/** The same, but empty at first: the page drawn by the build may stand for several addresses. */
export function useActivePath() {
  const path = usePath();
  return useIsDrawn() ? path : "";
}

/** Below 900 px the sidebar opens as a drawer over the page, above it folds to icons and back. */
export function toggleSidebar() {
  if (window.matchMedia(RAIL).matches) {
    drawer.set(!drawer.get());
    return;
  }
  const narrow = document.documentElement.dataset.sidebar !== "narrow";
  document.documentElement.dataset.sidebar = narrow ? "narrow" : "wide";
  localStorage.setItem(SIDEBAR_KEY, narrow ? "narrow" : "wide");
}

export const closeDrawer = () => drawer.set(false);

/** Opens the drawer for an address that leads to what stands in the sidebar, and closes it for any other. */
function useDrawerAt({ pathname, search }) {
  const shelf = new URLSearchParams(search).get("shelf");
  useEffect(() => drawer.set(Boolean(shelf) && window.matchMedia(RAIL).matches), [pathname, shelf]);
}

/** Sends the form that signs out. */
export function signOut(formId) {
  forgetDrafts();
  // Reflex's forms keep the browser from sending them; `submit` does not ask.
  document.getElementById(formId).submit();
}

function scriptsOf(pages) {
  const routes = Object.values(window.__reactRouterManifest.routes);
  const met = pages.flatMap((page) => matchRoutes(routes, page) ?? []);
  return new Set(met.flatMap(({ route }) => [route.module, ...route.imports]));
}

function preload(script) {
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = script;
  document.head.append(link);
}

/** Fetches the scripts of pages before anybody goes there, once this one has settled.
 *
 * React Router's PrefetchPageLinks imports them: where one does not come, it loads the page shown anew, which without
 * a network ends it.
 */
export function PagesAhead({ pages }) {
  useEffect(() => {
    const timer = setTimeout(() => whenIdle(() => scriptsOf(pages).forEach(preload)), SETTLE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, []);
  return null;
}

/** The first thing that Tab reaches: past the sidebar, into the page. */
export function SkipLink({ children }) {
  const skip = (event) => {
    event.preventDefault();
    document.getElementById("main")?.focus();
  };
  return h("a", { href: "#main", className: "skip-link", onClick: skip }, children);
}

function useReturnedFocus(isOpen, target) {
  const opener = useRef(null);
  useEffect(() => {
    if (isOpen) {
      opener.current = document.activeElement;
      target.current?.focus({ preventScroll: true });
    } else if (opener.current) {
      if (opener.current.isConnected) opener.current.focus({ preventScroll: true });
      opener.current = null;
    }
  }, [isOpen, target]);
}

/** Esc closes, as long as something is open. */
export function useEscape(isOpen, close) {
  useEffect(() => {
    if (!isOpen) return undefined;
    // A menu or dialog above marks the event as used, so Esc closes only the topmost thing.
    const onKeyDown = (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && !event.shiftKey) {
        event.preventDefault();
        close();
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [isOpen, close]);
}

export function Sidebar({ children, label, closeLabel }) {
  const isOpen = useDrawer();
  const element = useRef(null);
  useDrawerAt(useLocation());
  useEscape(isOpen, closeDrawer);
  useReturnedFocus(isOpen, element);
  useEffect(() => {
    const main = document.querySelector("main");
    if (main) main.inert = isOpen;
  }, [isOpen]);
  return h(
    "div",
    { className: "sidebar-place", "data-open": isOpen },
    h("aside", { className: "sidebar", ref: element, tabIndex: -1, "aria-label": label }, children),
    isOpen && h("button", { type: "button", className: "sidebar-shade", onClick: closeDrawer, "aria-label": closeLabel }),
  );
}

/** Brings what a panel marks into view, once for each mark, so that a reader's own scrolling is left alone. */
function useMarkInView(isOpen, panel) {
  const seen = useRef("");
  useEffect(() => {
    const mark = isOpen ? panel.current?.querySelector("mark") : null;
    const text = mark?.textContent ?? "";
    if (text && text !== seen.current) mark.scrollIntoView({ block: "start" });
    seen.current = text;
  });
}

/** A page that is left takes its panel along: what it shows may not be there, or be another's, when one is back. */
function useClosedWhenLeft(isOpen, close) {
  const latest = useRef(isOpen);
  latest.current = isOpen;
  useEffect(
    () => () => {
      if (latest.current) close();
    },
    [close],
  );
}

/** A panel beside the content: resizable by pointer and arrow keys, Esc closes it, focus returns to where it was. */
export function SidePanel({ open: isOpen, onClose, label, resizeLabel, testId, children }) {
  const [width, setWidth] = useState(null);
  const element = useRef(null);
  const latestClose = useRef(onClose);
  latestClose.current = onClose;
  const close = useCallback(() => latestClose.current?.(), []);
  useEscape(isOpen, close);
  useReturnedFocus(isOpen, element);
  useEffect(() => setWidth(Number(localStorage.getItem(PANEL_KEY)) || null), []);
  useMarkInView(isOpen, element);
  useClosedWhenLeft(isOpen, close);

  const resize = (wish) => {
    const next = Math.round(Math.min(Math.max(wish, PANEL_MIN), window.innerWidth * 0.7));
    setWidth(next);
    localStorage.setItem(PANEL_KEY, next);
  };
  const edge = (event) => {
    const box = element.current.getBoundingClientRect();
    return document.documentElement.dir === "rtl" ? event.clientX - box.left : box.right - event.clientX;
  };
  const onPointerDown = (event) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    event.preventDefault();
  };
  const onPointerMove = (event) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) resize(edge(event));
  };
  const onKeyDown = (event) => {
    const outward = document.documentElement.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    resize(element.current.offsetWidth + (event.key === outward ? PANEL_STEP : -PANEL_STEP));
  };

  if (!isOpen) return null;
  return h(
    "aside",
    {
      className: "side-panel",
      ref: element,
      tabIndex: -1,
      "aria-label": label,
      "data-testid": testId,
      style: width ? { "--panel-width": `${width}px` } : undefined,
    },
    h("div", {
      className: "side-panel-handle",
      role: "separator",
      tabIndex: 0,
      "aria-orientation": "vertical",
      "aria-label": resizeLabel,
      "aria-valuenow": width ?? 440,
      "aria-valuemin": PANEL_MIN,
      "aria-valuemax": 1400,
      onPointerDown,
      onPointerMove,
      onKeyDown,
    }),
    children,
  );
}

/** A short notice that leaves by itself, but never while somebody points at it or stands in it. */
export function Toast({ kind, seconds = 6, onExpire, children }) {
  const [isHeld, setHeld] = useState(false);
  const expire = useRef(onExpire);
  expire.current = onExpire;
  useEffect(() => {
    if (isHeld || !seconds) return undefined;
    const timer = setTimeout(() => expire.current?.(), seconds * 1000);
    return () => clearTimeout(timer);
  }, [isHeld, seconds]);
  const hold = (value) => () => setHeld(value);
  return h(
    "div",
    {
      className: "toast",
      "data-testid": "toast",
      "data-kind": kind,
      role: kind === "error" ? "alert" : "status",
      onMouseEnter: hold(true),
      onMouseLeave: hold(false),
      onFocus: hold(true),
      onBlur: hold(false),
    },
    children,
  );
}

/** Where several chats share the page (panes.js): they take routes of chats, and keys that mean nothing to the page. */
export const detour = { route: () => false, shortcut: () => false };

/** Press or focus what a selector finds, else go to a route; says whether there was anything to do. */
export function act({ target: given, selector, route }, navigate) {
  const target = given ?? (selector && document.querySelector(selector));
  if (target) {
    if (["INPUT", "TEXTAREA"].includes(target.tagName)) target.focus();
    else target.click();
  } else if (route && !detour.route(route)) {
    navigate(route);
  }
  return Boolean(target || route);
}

/** A text to pass on, with a button that copies it. */
export function CopyField({ value, label, copyLabel, doneLabel, testId }) {
  const [isDone, copy] = useCopy(value);
  return h(
    "div",
    { className: "copy-field" },
    h("input", { readOnly: true, value, "aria-label": label, "data-testid": testId, onFocus: (event) => event.target.select() }),
    h("button", { type: "button", onClick: copy }, isDone ? doneLabel : copyLabel),
  );
}
