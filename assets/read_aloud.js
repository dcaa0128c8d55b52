// Answers are read aloud by a voice of the browser; nothing of them leaves the machine.
import { createElement as h, useEffect, useSyncExternalStore } from "react";
import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { useI18n } from "./i18n.js";
import { prepare } from "./markdown.js";
import { MessageAct } from "./message_act.js";
import { cut } from "./pieces.js";
import { speechRate } from "./speech_rate.js";
import { blocksOf, languageOf, sentencesOf, voiceFor, withoutMathematics } from "./spoken.js";
import { makeStore } from "./store.js";

const NOTHING = { message: "", state: "silent", language: "" };
const VOICES_COME_IN = 1500;

const speech = typeof window === "undefined" ? undefined : window.speechSynthesis;
/** `state` is `reading`, `paused`, `silent`, or why nothing is heard: `voiceless` or `broken`. */
const reader = makeStore(NOTHING);
// The one that is read now; what an earlier one still says of its end counts no more.
let current = null;

// Chrome reads on when the page is left or loaded again. Asking for voices makes browsers look for them.
if (speech) {
  speech.cancel();
  speech.getVoices();
  window.addEventListener("pagehide", () => speech.cancel());
}

/** Voices come late where the browser was not asked before. */
async function voicesThere() {
  if (speech.getVoices().length === 0) {
    await new Promise((done) => {
      speech.addEventListener("voiceschanged", done, { once: true });
      setTimeout(done, VOICES_COME_IN);
    });
  }
  return speech.getVoices();
}

function parse(source) {
  let blocks = [];
  const take = () => (tree) => {
    blocks = blocksOf(tree);
  };
  ReactMarkdown({ children: withoutMathematics(prepare(source)), remarkPlugins: [remarkGfm, take] });
  return blocks;
}

/** Sentence by sentence: of a long text nobody waits for what is read in an hour. */
function* sentencesIn(text, language) {
  for (const piece of cut(text)) {
    const source = piece.text ?? (piece.table ? [...piece.table.head, ...piece.table.rows].join("\n") : "");
    for (const block of parse(source)) yield* sentencesOf(block, language);
  }
}

function silence(state = "silent") {
  const { message, language } = reader.get();
  current = null;
  speech?.cancel();
  reader.set(state === "silent" ? NOTHING : { message, state, language });
}

function speak(reading) {
  if (reading !== current) return;
  if (!reading.sentence) {
    const { value, done } = reading.sentences.next();
    if (done) return void silence();
    reading.sentence = value;
  }
  const utterance = new SpeechSynthesisUtterance(reading.sentence);
  Object.assign(utterance, { voice: reading.voice, lang: reading.voice.lang, rate: speechRate() });
  utterance.onend = () => {
    if (reading !== current || reading.utterance !== utterance) return;
    reading.sentence = "";
    speak(reading);
  };
  utterance.onerror = ({ error }) => {
    if (reading !== current || reading.utterance !== utterance) return;
    // Another pane or tab began to read: then this one ends as if by its own button.
    silence(["interrupted", "canceled"].includes(error) ? "silent" : "broken");
  };
  // Held here, or Chrome forgets it together with what is to be done at its end.
  reading.utterance = utterance;
  speech.speak(utterance);
}

async function begin(message, text, locale) {
  silence();
  if (!speech) return void reader.set({ message, state: "broken", language: "" });
  const language = languageOf(text, locale);
  const reading = { sentences: sentencesIn(text, language), sentence: "", voice: null, utterance: null };
  current = reading;
  reader.set({ message, state: "reading", language });
  // Without waiting where they are there: Safari speaks only within the click.
  const voices = speech.getVoices().length ? speech.getVoices() : await voicesThere();
  if (reading !== current) return;
  reading.voice = voiceFor(voices, language, navigator.languages);
  if (!reading.voice) return void silence("voiceless");
  speak(reading);
}

/** Phones cannot rest within a sentence, so it is begun anew. */
function pause() {
  current.utterance = null;
  speech.cancel();
  reader.set({ ...reader.get(), state: "paused" });
}

function goOn() {
  reader.set({ ...reader.get(), state: "reading" });
  speak(current);
}

const nobody = () => NOTHING;

/** Reads an answer, rests, reads on; and ends it. */
export function ReadAloud({ message, text, labels }) {
  const { locale } = useI18n();
  const now = useSyncExternalStore(reader.subscribe, reader.get, nobody);
  const state = now.message === message ? now.state : "silent";
  useEffect(
    () => () => {
      if (reader.get().message === message) silence();
    },
    [message],
  );
  const acts = {
    reading: { sign: "pause", label: labels.pause, onClick: pause },
    paused: { sign: "play", label: labels.goOn, onClick: goOn },
  };
  const first = acts[state] ?? { sign: "volume", label: labels.read, onClick: () => begin(message, text, locale) };
  const language = now.language && new Intl.DisplayNames([locale], { type: "language" }).of(now.language);
  const notes = { voiceless: labels.voiceless.replace("{language}", language), broken: labels.broken };
  return h(
    "span",
    { className: "read-aloud", "data-reading": state },
    h(MessageAct, { ...first, "data-testid": "message-read" }),
    state in acts && h(MessageAct, { sign: "stop", label: labels.stop, onClick: () => silence(), "data-testid": "message-read-stop" }),
    h("span", { role: "status", className: "read-note" }, notes[state] ?? ""),
  );
}
