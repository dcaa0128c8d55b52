// A search with a list below it: the arrow keys lead through both, letters go to the search, and Enter there takes the
// first line that was found. What stands beside a line in its row, the arrow keys to the sides reach.
import { createElement as h } from "react";

const LINE = ".choice-line";
const ROW = ".choice-row";
const BESIDE = ".choice-beside";
const SIDES = ["ArrowLeft", "ArrowRight"];

const isLetter = ({ key, ctrlKey, metaKey, altKey }) => key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey;

export function ChoiceList({ label, className = "choice-list", children }) {
  function onKeyDown(event) {
    const lines = [...event.currentTarget.querySelectorAll(LINE)];
    const search = event.currentTarget.querySelector("input");
    const row = event.target.closest(ROW);
    const index = lines.indexOf(row?.querySelector(LINE) ?? event.target);
    if (event.key === "Enter" && event.target === search) {
      event.preventDefault();
      // Whoever has searched for nothing has found nothing: what is chosen stays.
      if (search.value.trim()) lines.find((line) => line.hasAttribute("aria-current"))?.click();
      return;
    }
    if (index >= 0 && isLetter(event)) {
      search?.focus();
      return;
    }
    if (row && SIDES.includes(event.key)) {
      event.preventDefault();
      row.querySelector(event.target.matches(LINE) ? BESIDE : LINE).focus();
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
