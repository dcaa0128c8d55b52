// Finds a passage that was read on the server among the words of a page that the browser drew, and marks it.
// Both have the same letters and figures, though spaces, hyphens, ligatures and line ends differ.
const LEAST_LETTERS = 12;

/** The letters and figures of a text, each with its place in it. */
function lettersOf(text) {
  const letters = [];
  const places = [];
  for (let at = 0; at < text.length; at += 1) {
    for (const letter of text[at].normalize("NFKC").toLowerCase()) {
      if (/[\p{L}\p{N}]/u.test(letter)) {
        letters.push(letter);
        places.push(at);
      }
    }
  }
  return { letters: letters.join(""), places };
}

/** Where the passage stands among the letters of a page: whole, or sentence by sentence where columns or pages part it. */
function stretchesIn(letters, passage) {
  const whole = lettersOf(passage).letters;
  const at = whole ? letters.indexOf(whole) : -1;
  if (at >= 0) return [[at, at + whole.length]];
  return passage
    .split(/(?<=[.!?:;])\s+|\n+|\s*\|\s*/)
    .map((part) => lettersOf(part).letters)
    .filter((part) => part.length >= LEAST_LETTERS)
    .map((part) => [letters.indexOf(part), part.length])
    .filter(([start]) => start >= 0)
    .map(([start, length]) => [start, start + length]);
}

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
