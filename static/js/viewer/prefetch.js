// Prefetch: the next document is claimed and fetched while the current one is reviewed.

import { Problem, get, post } from "../lib/http.js";
import { warm } from "./images.js";

/** Return the URL of a task's viewer JSON. @param {any} urls @param {string} id */
export const payloadUrl = (urls, id) => urls.payload.replace("{id}", id);

/** Fetch the images that the first look at a task needs. @param {any} payload */
export function warmFirst(payload) {
  const { fields, pages } = payload.document;
  const [first] = fields
    .filter((/** @type {any} */ field) => field.needs_human)
    .sort((/** @type {any} */ a, /** @type {any} */ b) => a.confidence - b.confidence);
  const wanted = new Set([first?.page ?? pages[0]?.number, pages[0]?.number]);
  for (const page of pages) if (wanted.has(page.number)) warm(page.image);
}

/** Claim the next task and fetch what the viewer needs; null when nothing is waiting.
 * @param {any} urls @param {boolean} ahead @param {string} queue id, or "" for any @returns {Promise<any>} the payload */
export async function claimNext(urls, ahead, queue) {
  const claimed = await post(urls.next, { ...(ahead ? { ahead } : {}), ...(queue ? { queue } : {}) });
  if (!claimed) return null;
  const payload = await get(payloadUrl(urls, claimed.task.id));
  payload.lease ??= claimed.lease;
  warmFirst(payload);
  return payload;
}

export class Prefetch {
  /** @param {any} urls @param {(id: string) => boolean} known whether the task is already open
   * @param {string} [queue] id of the queue that the reviewer has chosen */
  constructor(urls, known, queue = "") {
    this.urls = urls;
    this.known = known;
    this.queue = queue;
    /** @type {Promise<any> | null} */
    this.waiting = null;
    /** @type {any} the next document, once it can be shown without a request */
    this.held = null;
    addEventListener("pagehide", () => void this.release(true));
  }

  /** Start fetching, once; a failure is ignored, because the next decision tries again. */
  fetch() {
    this.waiting ??= claimNext(this.urls, true, this.queue).then(
      (payload) => (this.held = payload && !this.known(payload.task.id) ? payload : null),
      (error) => {
        this.waiting = null;
        if (!(error instanceof Problem)) throw error;
        return null;
      },
    );
    return this.waiting;
  }

  /** The payload claimed ahead, or one claimed now; null when nothing is waiting. @returns {Promise<any>} */
  async take() {
    const held = await this.waiting;
    this.waiting = null;
    this.held = null;
    return held ?? claimNext(this.urls, false, this.queue);
  }

  /** Put a task back as the next one. @param {any} payload */
  restore(payload) {
    this.waiting = payload && Promise.resolve(payload);
    this.held = payload;
  }

  /** Release the task claimed ahead. @param {boolean} [leaving] the page is going away */
  async release(leaving = false) {
    const held = leaving ? this.held : await this.waiting;
    this.waiting = null;
    this.held = null;
    if (held?.lease) await post(held.urls.release, { lease: held.lease.token }, { keepalive: leaving }).catch(() => undefined);
  }
}
