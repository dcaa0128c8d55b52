// The side of a pane: a chat page in a frame tells its window what it shows, and does what that asks (panes.js).
import { createElement as h, useContext, useEffect, useRef, useSyncExternalStore } from "react";
import { useLocation, useNavigate } from "react-router";
import { ColorModeContext } from "$/utils/context";
import { act } from "./frame.js";
import { setLocale, setTimeZone } from "./i18n.js";
import { askedBeside, paneName, tellWindow } from "./in_pane.js";
import { isChat, way } from "./pane_layout.js";
import { usePlace } from "./place.js";
import { setDensity } from "./preferences.js";

const SIGN_MILLISECONDS = 20_000;

/** What is chosen in the window holds in its panes at once: its storage is theirs as well. */
function useSameLook() {
  const { setColorMode } = useContext(ColorModeContext);
  const latest = useRef(setColorMode);
  latest.current = setColorMode;
  useEffect(() => {
    const followers = {
      theme: (value) => latest.current(value),
      "convosphere.locale": setLocale,
      "convosphere.density": setDensity,
      "convosphere.zone": setTimeZone,
    };
    const onStorage = ({ key, newValue }) => newValue && followers[key]?.(newValue);
    window.addEventListener("storage", onStorage);
    return () => window.removeEventListener("storage", onStorage);
  }, []);
}

/** Whoever clicks or types here is there, and is here; what lies open over the window closes by a click. */
function useSignsOfLife() {
  useEffect(() => {
    let toldAt = 0;
    const onPress = () => tellWindow("press");
    const onFocus = () => tellWindow("focus");
    const onKey = () => {
      if (Date.now() - toldAt < SIGN_MILLISECONDS) return;
      toldAt = Date.now();
      tellWindow("sign");
    };
    window.addEventListener("pointerdown", onPress, true);
    window.addEventListener("focusin", onFocus);
    window.addEventListener("keydown", onKey, true);
    return () => {
      window.removeEventListener("pointerdown", onPress, true);
      window.removeEventListener("focusin", onFocus);
      window.removeEventListener("keydown", onKey, true);
    };
  }, []);
}

function press({ selector, isLast }) {
  const found = [...document.querySelectorAll(selector)];
  act({ target: isLast ? found.pop() : found[0] });
}

function InPane() {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const go = useRef(navigate);
  go.current = navigate;
  useSameLook();
  useSignsOfLife();
  // Whatever is no chat has the whole window.
  useEffect(() => {
    if (!isChat(pathname)) tellWindow("leave", { to: pathname + search });
  }, [pathname, search]);
  useEffect(() => {
    const acts = {
      show: ({ to }) => go.current(to),
      ask: ({ text }) => askedBeside.set([...askedBeside.get(), text]),
      run: press,
    };
    const onMessage = ({ source, origin, data }) => {
      if (source === window.parent && origin === window.location.origin) acts[data.kind]?.(data);
    };
    window.addEventListener("message", onMessage);
    tellWindow("ready");
    return () => window.removeEventListener("message", onMessage);
  }, []);
  return null;
}

/** Leads to the page of panes, where somebody opens a conversation beside another. */
function ToPanes() {
  const navigate = useNavigate();
  const wanted = useSyncExternalStore(way.subscribe, way.get, way.get);
  useEffect(() => {
    if (!wanted) return;
    way.set("");
    navigate(wanted);
  }, [wanted, navigate]);
  return null;
}

/** On every page. */
export const PaneWays = () => h(paneName ? InPane : ToPanes);

/** Tells the window around a chat what it shows. */
export function PaneReport({ title, speaker, busy: isBusy }) {
  const place = usePlace();
  useEffect(() => tellWindow("here", { place, title, speaker, isBusy }), [place, title, speaker, isBusy]);
  return null;
}
