// A search with a list below it: the arrow keys lead through both, Enter in the search takes the first line.
import { createElement as h } from "react";

const LINE = ".choice-line";

export function ChoiceList({ label, className = "choice-list", children }) {
  function onKeyDown(event) {
    const lines = [...event.currentTarget.querySelectorAll(LINE)];
    const search = event.currentTarget.querySelector("input");
    const index = lines.indexOf(event.target);
    if (event.key === "Enter" && event.target === search) {
      event.preventDefault();
      lines.find((line) => line.matches("[data-testid=assistant-option]"))?.click();
      return;
    }
    const goals = { ArrowDown: index + 1, ArrowUp: index - 1 };
    if (index >= 0) Object.assign(goals, { Home: 0, End: lines.length - 1 });
    if (!(event.key in goals)) return;
    event.preventDefault();
    (lines[goals[event.key]] ?? (goals[event.key] < 0 ? search : null))?.focus();
  }
  return h("div", { className, onKeyDown, role: "group", "aria-label": label }, children);
}
