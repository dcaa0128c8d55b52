// What of an answer is read aloud: its sentences, without what only makes sense to the eye, and the language of them.

const MANY = 4_000;
// Browsers break off what is much longer.
const LONGEST = 220;
const CITED = /^#cite-/;
const MARKS = /\s?\[\d{1,3}\](?!\()/g;
const MATHEMATICS = /\$\$[\s\S]*?\$\$/g;
const SEEN_ONLY = new Set(["code", "html", "image", "math", "thematicBreak", "definition", "footnoteDefinition", "footnoteReference"]);
const BLOCKS = new Set(["paragraph", "heading", "tableRow"]);

// Words that hardly any sentence is without, and hardly any other of these languages has.
const COMMON = {
  de: "der die das und ist nicht ein eine zu den mit von sie auf für dem wird sind auch des im oder als werden bei",
  en: "the and of to is are that it for with as this be by you not or from have was which can an at on",
  es: "el los las y es que en un una por con para se del no su como más pero está son al lo",
  fr: "le les des et est que dans un une pour pas qui sur au avec ce il sont vous ne par du plus ou",
  it: "il gli che di è per un una non con del sono della da le si come più nel anche alla dei ma",
  nl: "de het een en van is dat niet op te zijn met voor ook als aan er maar bij uit wordt naar om dit",
  pl: "i w nie na jest się że do to z jak o ale po tak co dla przez od są być może oraz",
  pt: "o os as e é que em um uma não por com para se do da no na como mais mas são ao dos",
};
const WORDS = Object.fromEntries(Object.entries(COMMON).map(([language, words]) => [language, new Set(words.split(" "))]));
const SCRIPTS = [
  ["ja", /[\u3040-\u30ff]/g], ["ko", /\p{Script=Hangul}/gu], ["zh", /\p{Script=Han}/gu], ["uk", /[іїєґ]/gi], ["ru", /\p{Script=Cyrillic}/gu],
  ["el", /\p{Script=Greek}/gu], ["he", /\p{Script=Hebrew}/gu], ["ar", /\p{Script=Arabic}/gu], ["hi", /\p{Script=Devanagari}/gu], ["th", /\p{Script=Thai}/gu],
];
// So much of a text, by signs, is not a name or a word that stands within another language.
const MUCH = 0.2;
// These show themselves by a few signs among others of the same writing.
const TELLING = { ja: 0.02, uk: 0.02 };

/** The language of a text by its writing, or by its commonest words; `otherwise` where neither says it. */
export function languageOf(text, otherwise) {
  const start = text.slice(0, MANY);
  const letters = start.match(/\p{L}/gu)?.length ?? 0;
  for (const [language, signs] of SCRIPTS) {
    if ((start.match(signs)?.length ?? 0) > letters * (TELLING[language] ?? MUCH)) return language;
  }
  const words = start.toLowerCase().match(/\p{L}+/gu) ?? [];
  const counts = Object.entries(WORDS).map(([language, known]) => [words.filter((word) => known.has(word)).length, language]);
  counts.sort(([one], [other]) => other - one);
  const [[most, found], [next]] = counts;
  return most > next ? found : otherwise;
}

/** Markdown as it is parsed, without mathematics. */
export const withoutMathematics = (text) => text.replace(MATHEMATICS, " ");

function inline(node) {
  if (SEEN_ONLY.has(node.type)) return "";
  if (node.type === "break") return " ";
  if (node.type === "link" && CITED.test(node.url)) return "";
  if (node.type === "tableRow") return node.children.map(inline).filter((cell) => cell.trim()).join(", ");
  return node.children ? node.children.map(inline).join("") : (node.value ?? "");
}

/** The texts of a tree of Markdown, block by block. */
export function blocksOf(node) {
  if (SEEN_ONLY.has(node.type)) return [];
  if (!BLOCKS.has(node.type)) return (node.children ?? []).flatMap(blocksOf);
  const text = inline(node).replace(MARKS, "").replace(/\s+/g, " ").trim();
  return /[\p{L}\p{N}]/u.test(text) ? [text] : [];
}

function shorten(sentence) {
  const parts = [];
  let rest = sentence;
  while (rest.length > LONGEST) {
    const pause = Math.max(...[", ", "; ", ": ", " – ", " "].map((sign) => rest.lastIndexOf(sign, LONGEST)).slice(0, 4));
    const space = pause > LONGEST / 2 ? pause + 1 : rest.lastIndexOf(" ", LONGEST);
    const end = space > 0 ? space : LONGEST;
    parts.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return [...parts, rest].filter(Boolean);
}

/** A block's sentences, each short enough to be spoken in one go. */
export function sentencesOf(block, language) {
  const cut = new Intl.Segmenter(language, { granularity: "sentence" });
  return [...cut.segment(block)].map(({ segment }) => segment.trim()).filter(Boolean).flatMap(shorten);
}

/**
 * The voice for a language: one that the machine has itself, since what is read may go nowhere; of these one from where
 * the person is, then the one that the machine prefers.
 */
export function voiceFor(voices, language, regions) {
  const rank = (voice) => {
    const tag = voice.lang.replace("_", "-");
    return (regions.includes(tag) ? 2 : 0) + (voice.default ? 1 : 0);
  };
  const able = voices.filter(({ lang, localService }) => localService && lang.toLowerCase().split(/[-_]/)[0] === language);
  return able.reduce((best, voice) => (best && rank(best) >= rank(voice) ? best : voice), null);
}
