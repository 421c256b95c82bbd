// The words and blocks of a page, fetched when an overlay or a selection first needs them.

import { get } from "../lib/http.js";

/** @typedef {{text: string, bbox: number[], confidence: number, line?: number}} Word */

/** @type {Map<string, Promise<{words: Word[], blocks: import("./blocks.js").Block[]}>>} */
const kept = new Map();

/** @param {any} page @returns {Promise<{words: Word[], blocks: import("./blocks.js").Block[]}>} */
export function readingOf(page) {
  let waiting = kept.get(page.words_url);
  if (!waiting) {
    waiting = get(page.words_url).then((answer) => ({ words: answer.words ?? [], blocks: answer.blocks ?? [] }));
    waiting.catch(() => kept.delete(page.words_url));
    kept.set(page.words_url, waiting);
  }
  return waiting;
}

/** @param {any} page @returns {Promise<Word[]>} */
export const wordsOf = (page) => readingOf(page).then((reading) => reading.words);

/** @param {number[]} a @param {number[]} b @returns {number[]} */
const union = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];

/** The box around some words, or null. @param {{bbox: number[]}[]} words @returns {number[] | null} */
export const around = (words) => (words.length > 0 ? words.map((word) => word.bbox).reduce(union) : null);

/** The word under a point, or null. @param {Word[]} words @param {[number, number]} point */
export function wordAt(words, [x, y]) {
  return words.find(({ bbox: [x0, y0, x1, y1] }) => x >= x0 && x <= x1 && y >= y0 && y <= y1) ?? null;
}

/** Return the words whose centre is in a box, as one text in reading order, with their bounding box.
 * @param {Word[]} words @param {number[]} box @returns {{text: string, bbox: number[]} | null} */
export function wordsIn(words, [x0, y0, x1, y1]) {
  const inside = words.filter(({ bbox }) => {
    const x = (bbox[0] + bbox[2]) / 2;
    const y = (bbox[1] + bbox[3]) / 2;
    return x >= x0 && x <= x1 && y >= y0 && y <= y1;
  });
  const bbox = around(inside);
  return bbox && { text: inside.map((word) => word.text).join(" "), bbox };
}
