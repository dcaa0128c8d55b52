// Which models a text means, and how they are grouped.

const FEW = 8;
const ABLE = ["vision", "tools", "thinking"];

const plain = (text) => text.toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

/** What people call a model; one that is gone keeps its id. */
export const nameOf = (models, id, reader) => {
  const row = models.find((each) => each.id === id);
  return row?.is_reader ? reader : row?.name ?? id;
};

/** A rule that says of words whether each word of a text is among them, whatever its case and accents. */
export function finder(text) {
  const wanted = plain(text).split(/\s+/).filter(Boolean);
  return (words) => wanted.every((word) => plain(words).includes(word));
}

/** What is searched in a row: what is seen of it. */
function wordsOf(row, labels) {
  const abilities = ABLE.filter((name) => row.abilities.includes(name)).map((name) => labels[name]);
  const troubles = labels[row.state] ?? "";
  return [row.is_reader ? labels.reader : "", row.name, row.id, row.provider, row.context, ...abilities, troubles].join(" ");
}

/**
 * Rows in which each word of a text is found, by who runs them, in the order in which they came. Before them stand
 * `favourites`, then those that were used last, where all together are too many to be seen at once and nothing is searched.
 */
export function groupsOf(rows, text, labels, favourites = [], used = []) {
  const isSearched = text.trim() !== "";
  const finds = finder(text);
  const found = isSearched ? rows.filter((row) => finds(wordsOf(row, labels))) : rows;
  const starred = found.filter((row) => favourites.includes(row.id));
  const rest = new Map(found.filter((row) => !starred.includes(row)).map((row) => [row.id, row]));
  const latest = isSearched || rows.length <= FEW ? [] : used.map((id) => rest.get(id)).filter(Boolean);
  const groups = new Map();
  for (const row of rest.values()) {
    if (latest.includes(row)) continue;
    const name = row.is_reader ? labels.builtIn : row.provider;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const first = [
    { key: "favourites", name: labels.favourites, rows: starred },
    { key: "latest", name: labels.latest, rows: latest },
  ];
  const others = [...groups].map(([name, members]) => ({ key: `of ${name}`, name, rows: members }));
  return [...first.filter(({ rows: members }) => members.length > 0), ...others];
}
