// The drawings that differ from the browser's on purpose, or as yet, with the reasons.
export const expected = [];
