// Finds a passage that was read on the server among the words that a page shows. Both have the same letters and figures,
// though spaces, hyphens, ligatures and line ends differ; convosphere/knowledge/previews/office/marks.py does the same.
const LEAST_LETTERS = 12;

/** The letters and figures of a text, each with its place in it. */
export function lettersOf(text) {
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

/** Where a passage stands among the letters of what is shown: whole, or sentence by sentence where columns or pages part it. */
export function stretchesIn(letters, passage) {
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
