// Plays a recording beside what is said in it. A click on words plays them; the words that are heard are marked. Seeking
// and buttons are the browser's own, which everybody knows, also with a keyboard and on a phone.
import { createElement as h, useEffect, useMemo, useRef, useState } from "react";

const PARAGRAPH = 25; // Seconds after which the next sentence begins a paragraph.
const ENDS = /[.!?…。！？]\s*$/;

/** 75 as 1:15, 3723 as 1:02:03. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Lines in paragraphs, each with the number of its first line. */
function paragraphsOf(lines) {
  const found = [];
  for (const [number, [begins, , text]] of lines.entries()) {
    const last = found.at(-1);
    const before = number && lines[number - 1];
    const isFull = last && begins - last.begins >= PARAGRAPH && ENDS.test(before[2]);
    if (!last || isFull) found.push({ begins, first: number, lines: [text] });
    else last.lines.push(text);
  }
  return found;
}

/** The last line that has begun; -1 before the first. */
function lineAt(lines, seconds) {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle][0] <= seconds + 0.05) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The times and words as captions of a film, by the browser's own means. */
function useCaptions(player, lines, isFilm, label) {
  useEffect(() => {
    const media = player.current;
    if (!isFilm || !media || !lines.length || media.textTracks.length) return;
    const track = media.addTextTrack("captions", label);
    for (const [begins, ends, text] of lines) track.addCue(new VTTCue(begins, Math.max(ends, begins + 0.5), text.trim()));
    track.mode = "hidden";
  }, [lines, isFilm]);
}

/** How far the recording is played, and a way to play it from a second on. */
function usePlayer(seconds, isReady) {
  const player = useRef(null);
  const [now, setNow] = useState(seconds > 0 ? seconds : 0);
  const seek = (to) => {
    player.current.currentTime = to;
    setNow(to);
  };
  useEffect(() => {
    if (player.current && seconds >= 0) seek(seconds);
  }, [seconds, isReady]);
  const play = (to) => {
    seek(to);
    // A browser that lets nobody begin to play shows its own button.
    player.current.play().catch(() => {});
  };
  return { player, now, play, follow: (event) => setNow(event.target.currentTime) };
}

function Paragraph({ paragraph, current, labels, play, lines }) {
  const time = clock(paragraph.begins);
  const button = h(
    "button",
    {
      type: "button", className: "spoken-time", "data-testid": "spoken-time", onClick: () => play(paragraph.begins),
      "aria-label": labels.playFrom.replace("{time}", time),
    },
    time,
  );
  const words = paragraph.lines.map((text, index) => {
    const number = paragraph.first + index;
    const [begins] = lines[number];
    return h(
      "span",
      {
        key: number, className: "spoken-line", "data-testid": "spoken-line", "data-begins": begins,
        "aria-current": number === current ? "true" : undefined, onClick: () => play(begins),
      },
      text,
    );
  });
  return h("li", { className: "spoken" }, button, h("p", { dir: "auto" }, words));
}

/** Keeps the line that is heard in sight, within its own list and only while it plays. */
function useInSight(list, current, player) {
  useEffect(() => {
    const line = list.current?.querySelector("[aria-current]");
    if (!line || !player.current) return;
    const box = list.current;
    const top = line.getBoundingClientRect().top - box.getBoundingClientRect().top;
    if (top < 0 || top > box.clientHeight - 48) box.scrollTop += top - box.clientHeight / 3;
  }, [current]);
}

export function Recording({ kind, address, name, seconds, lines, labels }) {
  const [isBroken, setBroken] = useState(false);
  const { player, now, play, follow } = usePlayer(seconds, lines);
  const list = useRef(null);
  const paragraphs = useMemo(() => paragraphsOf(lines), [lines]);
  const current = now > 0 || seconds >= 0 ? lineAt(lines, now) : -1;
  useCaptions(player, lines, kind === "video", labels.transcript);
  useInSight(list, current, player);
  const media = h(kind, {
    ref: player, src: address, controls: true, preload: "metadata", "aria-label": name, className: "recording-player",
    "data-testid": "recording-player", onTimeUpdate: follow, onSeeked: follow, onError: () => setBroken(true),
  });
  const words = lines.length
    ? h(
        "ol",
        { className: "recording-words", ref: list, tabIndex: 0, role: "region", "aria-label": labels.transcript },
        paragraphs.map((paragraph) => h(Paragraph, { key: paragraph.first, paragraph, current, labels, play, lines })),
      )
    : h("p", { className: "quiet" }, labels.nothingSaid);
  return h(
    "div",
    { className: "recording", "data-testid": "recording" },
    isBroken && h("p", { className: "quiet", role: "status", "data-testid": "recording-broken" }, labels.unplayable),
    media,
    words,
  );
}
