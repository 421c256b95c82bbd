// Lease of a task, extended by heartbeats while its page is open; reports its loss.

import { Problem, post } from "../lib/http.js";

const SHORTEST = 3000;
const LONGEST = 30000;
const IDLE = 20 * 60 * 1000;

export class LeaseKeeper {
  /**
   * @param {any} payload its `lease` is renewed in place
   * @param {{lost: (problem: Problem) => void, signIn: () => Promise<void>}} on
   */
  constructor(payload, on) {
    this.payload = payload;
    this.on = on;
    this.active = Date.now();
    this.wake = () => {
      this.active = Date.now();
      if (this.asleep) this.sendHeartbeat();
    };
    for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, this.wake, { passive: true });
    if (payload.lease) this.wait();
  }

  wait(delay = this.rhythm()) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.sendHeartbeat(), delay);
  }

  /** A third of the remaining time, within bounds. */
  rhythm() {
    const left = Date.parse(this.payload.lease.expires_at) - Date.now();
    return Math.min(LONGEST, Math.max(SHORTEST, left / 3));
  }

  async sendHeartbeat() {
    if (this.stopped) return;
    this.asleep = Date.now() - this.active > IDLE;
    if (this.asleep) return;
    try {
      const answer = await post(this.payload.urls.heartbeat, { lease: this.payload.lease.token });
      if (this.stopped) return;
      if (answer?.expires_at) this.payload.lease = answer;
      this.wait();
    } catch (error) {
      await this.failed(/** @type {Problem} */ (error));
    }
  }

  /** @param {Problem} problem */
  async failed(problem) {
    if (this.stopped) return;
    if (problem.status === 401) {
      await this.on.signIn();
      this.wait(0);
    } else if (problem.passing) this.wait(SHORTEST);
    else {
      this.stop();
      this.on.lost(problem);
    }
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const kind of ["keydown", "pointerdown"]) removeEventListener(kind, this.wake);
  }
}
