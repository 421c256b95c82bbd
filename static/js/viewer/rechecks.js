// Checks of the values as they are now: the server reads what a human typed and runs the checks again.

import { Problem, post } from "../lib/http.js";
import { debounce } from "../lib/dom.js";

const PAUSE = 350;

export class Rechecks {
  /** @param {import("./work.js").Work} work */
  constructor(work) {
    this.work = work;
    this.url = work.payload.urls.checks;
    this.check = debounce(() => void this.send(), PAUSE);
    this.changed = (/** @type {any} */ event) => ["edit", "restore"].includes(event.detail.why) && this.check();
    work.addEventListener("change", this.changed);
    if (Object.keys(work.draft()).length > 0) this.check();
  }

  /** Send the values that a human judged; one request at a time, the last state is always sent. */
  async send() {
    if (this.sending) {
      this.again = true;
      return;
    }
    this.sending = true;
    const values = Object.fromEntries(Object.entries(this.work.draft()).map(([name, { value }]) => [name, value]));
    try {
      const answer = await post(this.url, { values });
      if (!this.closed) this.work.learn(answer);
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // without an answer the values are checked when they are sent
    } finally {
      this.sending = false;
      if (this.again && !this.closed) this.check();
      this.again = false;
    }
  }

  close() {
    this.closed = true;
    this.check.cancel();
    this.work.removeEventListener("change", this.changed);
  }
}
