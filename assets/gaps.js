// Gaps in a prompt, {{name}}: found, asked for and filled. The server's half is convosphere/prompts/schemas.py.
import { createElement as h } from "react";

const GAP = /\{\{\s*((?=[^\d])[\p{L}\p{N}_]{1,40})\s*\}\}/gu;

/** The names of a text's gaps, each once, in their order. */
export const gapsOf = (text) => [...new Set(Array.from(text.matchAll(GAP), (match) => match[1]))];

const shown = ({ kind }, value, locale) =>
  kind === "date" && value
    ? new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${value}T00:00:00Z`))
    : value;

/** The text with its gaps filled; `values` by name, those without one stay empty. */
export function fillGaps(text, variables, values, locale) {
  const known = new Map(variables.map((variable) => [variable.name, variable]));
  return text.replace(GAP, (whole, name) =>
    known.has(name) ? shown(known.get(name), values[name] ?? "", locale) : whole,
  );
}

/** What the fields of some variables begin with. */
export const beginnings = (variables) => Object.fromEntries(variables.map(({ name, default: value }) => [name, value]));

const TYPES = { number: "number", date: "date", text: "text" };

/** A field for each variable. `idPrefix` keeps those of two forms apart. */
export function GapFields({ variables, values, onChange, idPrefix, labels }) {
  return variables.map((variable) => {
    const { name, kind, options, label } = variable;
    const id = `${idPrefix}-${name}`;
    const props = {
      id,
      name,
      required: variable.is_required,
      value: values[name] ?? "",
      dir: "auto",
      "data-testid": "prompt-gap",
      "data-name": name,
      onChange: (event) => onChange({ ...values, [name]: event.target.value }),
    };
    return h("div", { key: name, className: "field" }, [
      h("label", { key: "label", htmlFor: id, className: "field-label" }, [
        label || name.replaceAll("_", " "),
        variable.is_required ? null : h("span", { key: "note", className: "quiet" }, ` (${labels.optional})`),
      ]),
      field(kind, props, options, labels),
    ]);
  });
}

function field(kind, props, options, labels) {
  if (kind === "long_text") return h("textarea", { key: "field", rows: 4, className: "text-area", ...props });
  if (kind !== "choice")
    return h("input", { key: "field", type: TYPES[kind] ?? "text", step: "any", className: "select", ...props });
  return h("select", { key: "field", className: "select", ...props }, [
    h("option", { key: "", value: "" }, labels.choose),
    ...options.map((option) => h("option", { key: option, value: option }, option)),
  ]);
}
