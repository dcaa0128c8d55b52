// How a person wants things to look: at once in this browser, and as stored with the account once that is known.
import { createElement as h, useContext, useEffect, useSyncExternalStore } from "react";
import { ColorModeContext } from "$/utils/context";
import { useIsDrawn } from "./frame.js";
import { setTimeZone, useI18n, useTimeZone } from "./i18n.js";
import { makeStore } from "./store.js";

const DENSITIES = ["comfortable", "compact"];
const DENSITY_KEY = "convosphere.density";

const isBrowser = typeof document !== "undefined";
const known = (value) => (DENSITIES.includes(value) ? value : DENSITIES[0]);
// first_paint.js has put it there before anything was drawn.
const density = makeStore(known(isBrowser ? document.documentElement.dataset.density : ""));
const first = () => DENSITIES[0];

/** All zones that the browser lists, and those that must be there whether it does or not. */
const zoneOptions = (...needed) => {
  const zones = new Set([...(Intl.supportedValuesOf?.("timeZone") ?? []), "UTC", ...needed]);
  return [...zones].map((zone) => h("option", { key: zone, value: zone }, zone.replaceAll("_", " ")));
};

/** Make rows and gaps closer or wider, see assets/density.css. */
export function setDensity(value) {
  if (!isBrowser) return;
  localStorage.setItem(DENSITY_KEY, known(value));
  document.documentElement.dataset.density = known(value);
  density.set(known(value));
}

export function useDensity() {
  return useSyncExternalStore(density.subscribe, density.get, first);
}

/** All time zones that the browser knows, and its own as what is meant by none. */
export function ZoneSelect({ id, testId, own, onPick }) {
  const i18n = useI18n();
  const chosen = useTimeZone();
  const isDrawn = useIsDrawn();
  const here = isDrawn ? Intl.DateTimeFormat().resolvedOptions().timeZone : "";
  const pick = (event) => {
    setTimeZone(event.target.value);
    onPick(event.target.value);
  };
  return h(
    "select",
    { id, value: chosen, onChange: pick, className: "select", "data-testid": testId },
    h("option", { value: "" }, i18n.t(own, { zone: here })),
    isDrawn && zoneOptions(),
  );
}

/** A form's field with all time zones; it begins with the one that is chosen. */
export function ZoneField({ id, name, chosen, testId }) {
  return h(
    "select",
    { id, name, key: chosen, defaultValue: chosen, className: "select", "data-testid": testId },
    zoneOptions(chosen),
  );
}

/** Follows what is stored with the account, so that it is the same on all devices. */
export function PreferencesOfPerson({ isSelf, theme, density: wanted, timeZone }) {
  const { setColorMode } = useContext(ColorModeContext);
  useEffect(() => {
    if (isSelf && theme) setColorMode(theme);
  }, [isSelf, theme, setColorMode]);
  useEffect(() => {
    if (isSelf) setDensity(wanted);
  }, [isSelf, wanted]);
  useEffect(() => {
    if (isSelf) setTimeZone(timeZone);
  }, [isSelf, timeZone]);
  return null;
}
