// The editor of a prompt: its gaps become variables while it is written, and beside it stands what it will be.
import { createElement as h, useEffect, useId, useMemo, useRef, useState } from "react";
import { GapFields, beginnings, fillGaps, gapsOf } from "./gaps.js";
import { useI18n } from "./i18n.js";
import { useStaying } from "./leaving.js";

const NEW = { label: "", kind: "text", options: [], is_required: true, default: "" };

const variablesOf = (text, known) => gapsOf(text).map((name) => known[name] ?? { ...NEW, name });

const byName = (variables) => Object.fromEntries(variables.map((variable) => [variable.name, variable]));

/** `value` is what it begins with, `problems` are by field, `saved` counts what was kept, `readOnly`: only to look at. */
export function PromptEditor({ value, problems, saved, readOnly, labels, kinds, leaving, onSave, className, children }) {
  const id = useId();
  const { message, locale } = useI18n();
  const [written, setWritten] = useState(value);
  const [known, setKnown] = useState(() => byName(value.variables));
  const [isDirty, setDirty] = useState(false);
  const why = useRef(null);
  const isSaving = useRef(false); // A new prompt gets a page of its own when it is saved.
  const variables = variablesOf(written.text, known);
  useStaying(isDirty, leaving, isSaving);
  useEffect(() => {
    setWritten(value);
    setKnown(byName(value.variables));
    setDirty(false);
    if (why.current) why.current.value = "";
  }, [value, saved]);

  function touch() {
    isSaving.current = false;
    setDirty(true);
  }
  const change = (field) => (event) => {
    setWritten({ ...written, [field]: event.target.value });
    touch();
  };
  const changeVariable = (variable, part) => {
    setKnown({ ...known, [variable.name]: { ...variable, ...part } });
    touch();
  };
  function save(event) {
    event.preventDefault();
    isSaving.current = true;
    onSave({ ...written, variables }, why.current?.value ?? "");
  }
  const problemOf = (name) => (problems?.[name] ? message(problems[name]) : "");
  const fieldOf = (name, control, props = {}) =>
    h(Field, { key: name, id: `${id}-${name}`, label: labels[name], problem: problemOf(name), help: labels[`${name}_help`], control,
      props: { value: written[name], onChange: change(name), readOnly, dir: "auto", "data-testid": `prompt-${name}`, ...props } });

  const editor = h("form", { key: "form", className: "prompt-form", onSubmit: save, noValidate: true, "data-dirty": isDirty,
    onKeyDown: (event) => event.key === "s" && (event.ctrlKey || event.metaKey) && !readOnly && save(event) }, [
    fieldOf("name", "input"),
    fieldOf("command", "input", { placeholder: labels.command_placeholder, spellCheck: false }),
    fieldOf("description", "input"),
    fieldOf("text", "textarea", { rows: 10 }),
    variables.length > 0 && h("fieldset", { key: "variables", className: "prompt-variables", disabled: readOnly }, [
      h("legend", { key: "legend", className: "section-title" }, labels.variables),
      ...variables.map((variable) =>
        h(Variable, { key: variable.name, variable, kinds, labels, problemOf, id: `${id}-${variable.name}`,
          onChange: (part) => changeVariable(variable, part) })),
    ]),
    !readOnly && h(Field, { key: "why", id: `${id}-why`, label: labels.why, help: labels.why_help, control: "input",
      props: { ref: why, dir: "auto", maxLength: 300, "data-testid": "prompt-why" } }),
    !readOnly && h("div", { key: "acts", className: "acts" }, children),
  ]);
  return h("div", { className }, [editor, h(Preview, { key: "preview", text: written.text, variables, labels, locale })]);
}

function Field({ id, label, problem = "", help = "", control, props }) {
  const hint = `${id}-hint`;
  const className = control === "textarea" ? "text-area" : "select";
  return h("div", { className: "field" }, [
    h("label", { key: "label", htmlFor: id, className: "field-label" }, label),
    h(control, { key: "field", id, className, "aria-describedby": hint, "aria-invalid": Boolean(problem), ...props }),
    h("p", { key: "hint", id: hint, className: "field-hint" },
      problem ? h("span", { role: "alert", className: "field-error" }, problem) : h("span", null, help)),
  ]);
}

function Variable({ variable, kinds, labels, problemOf, id, onChange }) {
  const { name, kind } = variable;
  const problem = (field) => problemOf(`${name}.${field}`);
  // A comma or a line that is being written is kept as it is, until the prompt is saved.
  const [lines, setLines] = useState(variable.options.join("\n"));
  return h("div", { className: "prompt-variable", "data-testid": "prompt-variable", "data-name": name }, [
    h("code", { key: "name", className: "prompt-gap-name" }, `{{${name}}}`),
    h(Field, { key: "label", id: `${id}-label`, label: labels.label, problem: problem("label"), control: "input",
      props: { value: variable.label, placeholder: name.replaceAll("_", " "), dir: "auto",
        onChange: (event) => onChange({ label: event.target.value }) } }),
    h("div", { key: "kind", className: "field" }, [
      h("label", { key: "label", htmlFor: `${id}-kind`, className: "field-label" }, labels.kind),
      h("select", { key: "field", id: `${id}-kind`, className: "select", value: kind, "data-testid": "prompt-variable-kind",
        onChange: (event) => onChange({ kind: event.target.value, default: "" }) },
        Object.entries(kinds).map(([key, word]) => h("option", { key, value: key }, word))),
    ]),
    kind === "choice" && h(Field, { key: "options", id: `${id}-options`, label: labels.options, help: labels.options_help,
      problem: problem("options"), control: "textarea",
      props: { rows: 3, value: lines, dir: "auto", "data-testid": "prompt-variable-options",
        onChange: (event) => {
          setLines(event.target.value);
          onChange({ options: event.target.value.split("\n").map((line) => line.trim()).filter(Boolean) });
        } } }),
    h(Field, { key: "default", id: `${id}-default`, label: labels.default, problem: problem("default"),
      control: kind === "long_text" ? "textarea" : "input",
      props: { type: kind === "date" ? "date" : "text", inputMode: kind === "number" ? "decimal" : undefined,
        value: variable.default, dir: "auto", onChange: (event) => onChange({ default: event.target.value }) } }),
    h("label", { key: "required", className: "prompt-required" }, [
      h("input", { key: "box", type: "checkbox", checked: variable.is_required,
        onChange: (event) => onChange({ is_required: event.target.checked }) }),
      h("span", { key: "words" }, labels.required),
    ]),
  ]);
}

/** What whoever uses it is asked, and what stands in the composer then. */
function Preview({ text, variables, labels, locale }) {
  const [given, setGiven] = useState({});
  const values = useMemo(() => ({ ...beginnings(variables), ...given }), [variables, given]);
  const isEmpty = !text.trim();
  return h("section", { className: "prompt-outcome", "aria-label": labels.preview }, [
    h("h2", { key: "title", className: "section-title" }, labels.preview),
    !isEmpty && variables.length > 0 &&
      h("div", { key: "fields", className: "prompt-outcome-fields" },
        h(GapFields, { variables, values, onChange: setGiven, idPrefix: "preview", labels })),
    h("p", { key: "text", className: isEmpty ? "quiet" : "prompt-outcome-text", dir: "auto", "data-testid": "prompt-preview" },
      isEmpty ? labels.nothing : fillGaps(text, variables, values, locale)),
  ]);
}
