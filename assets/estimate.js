// How many tokens a text will be, by the same rule as the server's `estimate_tokens`.

const SIGNS = /[^\p{L}\p{N}_\s]|[\p{Nd}_]/gu;
// eslint-disable-next-line no-control-regex
const FOREIGN = /[^\x00-\x7f]/g;

const bytes = (text) => new TextEncoder().encode(text).length;
const asciiBytes = (text) => text.replace(FOREIGN, "").length;

/** `rates` are bytes a token, in and beyond ASCII, and tokens a byte of signs and digits. */
export function estimate(text, rates) {
  const signs = text.match(SIGNS)?.join("") ?? "";
  const signBytes = bytes(signs);
  const ascii = asciiBytes(text) - asciiBytes(signs);
  const other = bytes(text) - signBytes - ascii;
  return Math.ceil(ascii / rates.ascii + other / rates.other + signBytes * rates.sign);
}
