// Notifications of the browser: shown by this page itself, only after the person asked for them in this browser.
import { createElement as h, useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { useI18n } from "./i18n.js";

const CHOICE_KEY = "convosphere.notifications";
const ICON = "/favicon.svg";

let shower = () => {};

const isKnown = () => typeof window !== "undefined" && "Notification" in window;

function standing() {
  if (!isKnown()) return "unknown";
  if (Notification.permission === "denied") return "denied";
  const isChosen = localStorage.getItem(CHOICE_KEY) === "on";
  return isChosen && Notification.permission === "granted" ? "on" : "off";
}

/** Tells that the answer in this tab has ended, if nobody looks at it. */
export function tellEnded() {
  shower(null);
}

/**
 * Shows what is fresh while nobody looks at this tab, and marks the way to the sidebar while something is unread.
 * Several tabs of one person show the same once: the browser goes by the tag.
 */
export function BrowserNotifications({ fresh, unread, ended }) {
  const i18n = useI18n();
  const navigate = useNavigate();
  useEffect(() => {
    shower = (item) => {
      if (standing() !== "on" || (!document.hidden && document.hasFocus())) return;
      const route = item ? item.route : window.location.pathname;
      try {
        const shown = new Notification("ConvoSphere", {
          body: item ? i18n.message(item.message) : ended,
          tag: item ? item.id : route,
          icon: ICON,
          lang: i18n.locale,
        });
        shown.onclick = () => {
          window.focus();
          if (route) navigate(route);
          shown.close();
        };
      } catch {
        // Chrome on Android shows them from a service worker alone; the page still counts what is unread.
      }
    };
    return () => {
      shower = () => {};
    };
  }, [i18n, navigate, ended]);
  useEffect(() => {
    for (const item of fresh ?? []) shower(item);
  }, [fresh]);
  useEffect(() => {
    document.documentElement.toggleAttribute("data-unread", unread > 0);
  }, [unread]);
  return null;
}

/** Switches notifications of this browser on and off; the browser asks the person itself the first time. */
export function BrowserSwitch({ labels, testId }) {
  const [state, setState] = useState("unknown");
  useEffect(() => setState(standing()), []);

  async function turn() {
    if (state === "on") {
      localStorage.setItem(CHOICE_KEY, "off");
    } else if ((await Notification.requestPermission()) === "granted") {
      localStorage.setItem(CHOICE_KEY, "on");
    }
    setState(standing());
  }

  const isPossible = state === "on" || state === "off";
  return h(
    "div",
    { className: "browser-switch", "data-testid": testId, "data-state": state },
    h("p", { className: "quiet", role: "status" }, labels[state]),
    isPossible &&
      h(
        "button",
        { type: "button", className: "rt-reset rt-BaseButton rt-Button rt-r-size-2 rt-variant-soft", onClick: turn, "data-accent-color": "gray" },
        state === "on" ? labels.turnOff : labels.turnOn,
      ),
  );
}
