// Repeated reading of a region by a worker: request it, wait, fetch the result. A live event shortens the wait;
// without a socket the server is polled.

import { Problem, get, post } from "../lib/http.js";

/** @typedef {{status: "queued" | "done" | "failed", text: string, words: {bbox: number[]}[], error: string | null}} Reading */

const POLL_MS = 1500;
const PATIENCE = 15000;

/** @type {Map<string, () => void>} */
const waiting = new Map();
/** @type {Set<string>} ids whose event came before a waiter */
const early = new Set();

/** A worker has answered: the waiter fetches the result at once. @param {string} id */
export function arrived(id) {
  const wake = waiting.get(id);
  if (wake) wake();
  else early.add(id);
}

/** @param {string} id @returns {Promise<void>} resolves at the event, or after the polling interval */
function nextEvent(id) {
  if (early.delete(id)) return Promise.resolve();
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    setTimeout(resolve, POLL_MS);
  });
}

/** @param {string} address @returns {Promise<Reading | null>} null while the server does not answer */
async function fetchReading(address) {
  try {
    return await get(address);
  } catch (error) {
    if (error instanceof Problem && error.passing) return null;
    throw error;
  }
}

/** Read a region again; `queued` in the result means a timeout. Throws Problem if it is rejected.
 * @param {string} address @param {{bbox: number[]}} place @returns {Promise<Reading>} */
export async function readRegion(address, place) {
  const asked = await post(address, place);
  const until = performance.now() + PATIENCE;
  try {
    for (;;) {
      await nextEvent(asked.id);
      const found = await fetchReading(asked.links.self);
      if (found && found.status !== "queued") return found;
      if (performance.now() > until) return asked;
    }
  } finally {
    waiting.delete(asked.id);
  }
}
