// The next document, claimed and fetched while the present one is being judged.

import { Problem, get, post } from "../lib/http.js";
import { warm } from "./images.js";

/** Where the viewer's JSON of a task is. @param {any} urls @param {string} id */
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
 * @param {any} urls @param {boolean} ahead @returns {Promise<any>} the payload */
export async function claimNext(urls, ahead) {
  const claimed = await post(urls.next, ahead ? { ahead: true } : {});
  if (!claimed) return null;
  const payload = await get(payloadUrl(urls, claimed.task.id));
  payload.lease ??= claimed.lease;
  warmFirst(payload);
  return payload;
}

export class Ahead {
  /** @param {any} urls @param {(id: string) => boolean} known is this the task that is open now */
  constructor(urls, known) {
    this.urls = urls;
    this.known = known;
    /** @type {Promise<any> | null} */
    this.waiting = null;
    /** The next document is here: it can be shown without asking anyone. */
    this.ready = false;
  }

  /** Begin to fetch, once; a failure is forgotten, for the next decision asks again. */
  fetch() {
    this.waiting ??= claimNext(this.urls, true).then(
      (payload) => {
        this.ready = Boolean(payload) && !this.known(payload.task.id);
        return payload;
      },
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
    this.ready = false;
    if (held && !this.known(held.task.id)) return held;
    return claimNext(this.urls, false);
  }

  /** Look again after the queue changed, if there was nothing before. */
  async refresh() {
    if (this.waiting && (await this.waiting) === null) this.waiting = null;
    return this.fetch();
  }

  /** Put a task back in front: it is the next again. @param {any} payload */
  hold(payload) {
    this.waiting = Promise.resolve(payload);
    this.ready = Boolean(payload);
  }

  /** Give back what was claimed ahead. */
  async release() {
    const held = await this.waiting;
    this.waiting = null;
    this.ready = false;
    if (held?.lease) await post(held.urls.release, { lease: held.lease.token }).catch(() => undefined);
  }
}
