// Words on screen, in the visitor's language: the browser's half of convosphere/ui/i18n.py.
// The English text is the key. Catalogues are made from locales/*.po by `python -m convosphere messages compile`.
import { createElement, useEffect, useSyncExternalStore } from "react";
import { Direction } from "radix-ui";
import { catalogues } from "./catalogues/index.js";
import { whenIdle } from "./idle.js";
import { moneyForm } from "./money.js";
import { makeStore } from "./store.js";

const SOURCE = "en";
const STORAGE_KEY = "convosphere.locale";
const ZONE_KEY = "convosphere.zone";
const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"];
const MINUTE = 60_000;

const isBrowser = typeof document !== "undefined";
const known = [SOURCE, ...Object.keys(catalogues)];

// first_paint.js uses the same rules before anything is drawn; it leaves its decision on <html lang>.
const wanted = isBrowser && known.includes(document.documentElement.lang) ? document.documentElement.lang : SOURCE;

function fill(text, values, format) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values?.[name];
    if (value === undefined || value === null) return whole;
    return typeof value === "number" ? format(value) : String(value);
  });
}

const asDate = (value) => {
  if (!value) return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
};

// Figures that may be missing come as text, empty where they are.
const asFigure = (value) =>
  typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value;

const DATE_STYLES = {
  date: { dateStyle: "medium" },
  time: { timeStyle: "short" },
  "date-time": { dateStyle: "medium", timeStyle: "short" },
  full: { dateStyle: "full", timeStyle: "medium" },
};

const SPANS = [
  ["year", 365 * 24 * 60 * MINUTE],
  ["month", 30 * 24 * 60 * MINUTE],
  ["week", 7 * 24 * 60 * MINUTE],
  ["day", 24 * 60 * MINUTE],
  ["hour", 60 * MINUTE],
  ["minute", MINUTE],
];

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

// Intl objects cost about 50 µs each to make, so a translator makes each kind once.
function once(make) {
  const made = new Map();
  return (key, options) => {
    if (!made.has(key)) made.set(key, make(options));
    return made.get(key);
  };
}

/** The language as spoken where the visitor is: "de-CH" for "de", if the browser says so. */
const regional = (locale) =>
  (isBrowser && navigator.languages.find((tag) => tag.split("-")[0] === locale)) || locale;

/** A name of the IANA database as this browser knows it, or none for the browser's own. */
function knownZone(name) {
  try {
    return name ? new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions() && name : "";
  } catch {
    return "";
  }
}

const timeZone = makeStore(isBrowser ? knownZone(localStorage.getItem(ZONE_KEY)) : "");
const noZone = () => "";

function makeTranslator(locale, { texts = {}, plural = (n) => Number(n !== 1) } = {}) {
  const region = regional(locale);
  const numbers = once((options) => new Intl.NumberFormat(region, options));
  const zone = timeZone.get() ? { timeZone: timeZone.get() } : {};
  const dates = once((options) => new Intl.DateTimeFormat(region, { ...options, ...zone }));
  const relative = once(() => new Intl.RelativeTimeFormat(region, { numeric: "auto" }));
  const number = (value, digits = 3) => {
    const figure = asFigure(value);
    return typeof figure === "number" ? numbers(digits, { maximumFractionDigits: digits }).format(figure) : "";
  };

  const lookup = (text) => {
    const found = texts[text];
    return (Array.isArray(found) ? found[0] : found) || text;
  };
  const t = (text, values) => fill(lookup(text), values, number);
  const tn = (one, many, count, values) => {
    const forms = texts[one];
    const text = Array.isArray(forms) ? forms[plural(count)] || many : count === 1 ? one : many;
    return fill(text, { count, ...values }, number);
  };

  return {
    locale,
    get zone() {
      return timeZone.get() || new Intl.DateTimeFormat().resolvedOptions().timeZone;
    },
    t,
    tn,
    number,
    short: (value) => numbers("short", { notation: "compact", maximumFractionDigits: 1 }).format(value),
    money: (given, currency, isShort = false) => {
      const amount = asFigure(given);
      if (typeof amount !== "number") return "";
      const { kind, before, value, options } = moneyForm(amount, currency, isShort);
      return before + numbers(`${currency} ${kind}`, options).format(value);
    },
    // A day of a calendar is the same everywhere.
    day: (value) => {
      const date = new Date(`${value}T00:00:00Z`);
      if (!value || Number.isNaN(date.getTime())) return "";
      return new Intl.DateTimeFormat(region, { day: "numeric", month: "short", timeZone: "UTC" }).format(date);
    },
    fullDay: (value) => {
      const date = new Date(`${value}T00:00:00Z`);
      if (!value || Number.isNaN(date.getTime())) return "";
      return new Intl.DateTimeFormat(region, { dateStyle: "medium", timeZone: "UTC" }).format(date);
    },
    month: (value) => {
      const date = new Date(`${value}T00:00:00Z`);
      if (!value || Number.isNaN(date.getTime())) return "";
      return new Intl.DateTimeFormat(region, { month: "short", year: "numeric", timeZone: "UTC" }).format(date);
    },
    message: (message) => (message?.text ? t(message.text, message.values) : ""),
    bytes: (value) => {
      if (typeof value !== "number") return "";
      const step = Math.min(Math.max(Math.floor(Math.log10(Math.max(value, 1)) / 3), 0), BYTE_UNITS.length - 1);
      const unit = BYTE_UNITS[step];
      const unitDisplay = step ? "short" : "long";
      const options = { style: "unit", unit, unitDisplay, maximumFractionDigits: step < 2 ? 0 : 1 };
      return numbers(unit, options).format(value / 1000 ** step);
    },
    date: (value, style = "date-time") => {
      const date = asDate(value);
      return date ? dates(style, DATE_STYLES[style]).format(date) : "";
    },
    relative: (value, now) => {
      const date = asDate(value);
      if (!date) return "";
      const distance = date.getTime() - now;
      const [unit, size] = SPANS.find((span) => Math.abs(distance) >= span[1]) ?? ["second", 0];
      return relative("auto").format(size ? Math.round(distance / size) : 0, unit);
    },
  };
}

const source = makeTranslator(SOURCE);
const translator = makeStore(source);
const readSource = () => source;

async function load(locale) {
  return makeTranslator(locale, locale === SOURCE ? {} : (await catalogues[locale]()).default);
}

async function apply(locale) {
  const next = await load(locale);
  const root = document.documentElement;
  root.lang = locale;
  root.dir = RIGHT_TO_LEFT.includes(locale) ? "rtl" : "ltr";
  translator.set(next);
}

/** Switch every text at once and remember the choice in this browser. */
export function setLocale(locale) {
  if (!isBrowser || !known.includes(locale)) return;
  localStorage.setItem(STORAGE_KEY, locale);
  apply(locale);
}

/** Show all dates as of a time zone from now on; none is the browser's own. */
export function setTimeZone(name) {
  const next = knownZone(name);
  if (!isBrowser || next === timeZone.get()) return;
  localStorage.setItem(ZONE_KEY, next);
  timeZone.set(next);
  apply(translator.get().locale);
}

export function useTimeZone() {
  return useSyncExternalStore(timeZone.subscribe, timeZone.get, noZone);
}

/** The choice stored with the account counts only where this browser has none of its own. */
export function LocaleOfPerson({ locale }) {
  useEffect(() => {
    if (known.includes(locale) && !localStorage.getItem(STORAGE_KEY)) setLocale(locale);
  }, [locale]);
  return null;
}

export function useI18n() {
  return useSyncExternalStore(translator.subscribe, translator.get, readSource);
}

const clock = makeStore(isBrowser ? Date.now() : 0);
if (isBrowser) setInterval(() => clock.set(Date.now()), MINUTE / 2);

/** The present moment, renewed twice a minute, for "5 minutes ago". */
export function useNow() {
  return useSyncExternalStore(clock.subscribe, clock.get, clock.get);
}

/** Radix Themes fixes the direction to left-to-right; this puts the language's own inside it. */
export function LocaleRoot({ children }) {
  const { locale } = useI18n();
  const settled = !isBrowser || locale === wanted;
  useEffect(() => {
    // The page is drawn in English by the build; first_paint.js hides those words until ours stand there.
    if (settled) requestAnimationFrame(() => document.documentElement.classList.remove("words-pending"));
  }, [settled]);
  // Around all there is: what is within it listens by now.
  useEffect(() => void window.dispatchEvent(new Event("page-alive")), []);
  const dir = RIGHT_TO_LEFT.includes(locale) ? "rtl" : "ltr";
  return createElement(Direction.Provider, { dir }, children);
}

if (isBrowser && wanted !== SOURCE) apply(wanted);

// The first date of a page takes tens of milliseconds, which it has while it waits for the server.
if (isBrowser) whenIdle(() => translator.get().date(new Date(), "full"));
