// The title of the tab: what its page is about, and a mark while something has ended there that nobody has looked at.
const PRODUCT = "ConvoSphere";
const MARK = "● ";

const isMarked = () => document.title.startsWith(MARK);

export function nameTab(topic) {
  const title = topic ? `${topic} · ${PRODUCT}` : PRODUCT;
  document.title = isMarked() ? MARK + title : title;
}

export function markTab() {
  if (!isMarked()) document.title = MARK + document.title;
}

export function unmarkTab() {
  if (isMarked()) document.title = document.title.slice(MARK.length);
}
