// Signs in text that cannot be seen, and turn, hide or break what stands around them.

/** What turns the direction of text, and tags of which nothing is shown. */
export const hidden = /[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;

const unseen = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;

/** The text as it is, with a sign for each that would do something unseen. */
export const visible = (text) => text.replace(unseen, "\u2426");
