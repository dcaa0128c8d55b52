// Amounts of money as people read them: the one place that says how exactly.

/** Small is what two decimals say too little of. */
const SMALL = 0.1;
/** A hundredth of a cent. Of what costs less it says only that. */
const LEAST = 0.0001;
const LESS_THAN = "<\u00a0";

/**
 * How an amount is written: options of `Intl.NumberFormat`, the value that it gets, and what stands before that. Small
 * amounts keep two digits that say something, but none past a hundredth of a cent. Short ones stand at a scale, which
 * has to be as exact as it is.
 */
export function moneyForm(value, currency, isShort = false) {
  const options = { style: "currency", currency };
  if (isShort) return { kind: "short", before: "", value, options: { ...options, notation: "compact", maximumSignificantDigits: 3 } };
  if (value === 0 || Math.abs(value) >= SMALL) return { kind: "whole", before: "", value, options: { ...options, maximumFractionDigits: 2 } };
  const digits = { minimumFractionDigits: 0, maximumFractionDigits: 4, maximumSignificantDigits: 2, roundingPriority: "lessPrecision" };
  const isLess = value > 0 && value < LEAST;
  return { kind: "small", before: isLess ? LESS_THAN : "", value: isLess ? LEAST : value, options: { ...options, ...digits } };
}
