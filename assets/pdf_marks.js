// Finds a passage that was read on the server among the words of a page that the browser drew, and marks it.
import { lettersOf, stretchesIn } from "./letters.js";

/** Puts marks into one run of words; `stretches` are places in its text. */
function markRun(run, text, stretches) {
  const pieces = [];
  let done = 0;
  for (const [start, end] of stretches.sort((one, other) => one[0] - other[0])) {
    if (start < done) continue;
    const mark = document.createElement("mark");
    mark.className = "pdf-mark";
    mark.append(text.slice(start, end));
    pieces.push(text.slice(done, start), mark);
    done = end;
  }
  run.replaceChildren(...pieces, text.slice(done));
}

/** Marks a passage in a drawn layer of words; gives the first mark. */
export function markPassage(layer, passage) {
  const runs = layer.textDivs.map((run) => ({ run, text: run.textContent, ...lettersOf(run.textContent) }));
  const letters = runs.map((run) => run.letters).join("");
  const stretches = stretchesIn(letters, passage);
  let before = 0;
  let first = null;
  for (const { run, text, places } of runs) {
    const from = before;
    before += places.length;
    const within = stretches
      .filter(([start, end]) => start < before && end > from)
      .map(([start, end]) => [places[Math.max(start - from, 0)], places[Math.min(end - from, places.length) - 1] + 1]);
    if (!within.length) continue;
    markRun(run, text, within);
    first ??= run.querySelector("mark");
  }
  first?.setAttribute("data-testid", "pdf-mark");
  return first;
}
