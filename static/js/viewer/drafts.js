// Drafts: typed values are stored on this device at once and on the server within a second.
// They survive network failures, expired sessions and closed tabs, and are synchronised between tabs.

import { Problem, request } from "../lib/http.js";
import { debounce } from "../lib/dom.js";

const PAUSE = 400;
const LONGEST_RETRY = 30000;
const KEPT_DAYS = 7;
const PREFIX = "refinery.draft.";

/** @typedef {"saved" | "saving" | "local" | "signed-out"} DraftState */

/** Delete abandoned drafts. @param {Storage} [storage] */
export function forgetOldDrafts(storage = localStorage, now = Date.now()) {
  for (const key of Object.keys(storage).filter((name) => name.startsWith(PREFIX))) {
    const kept = read(storage, key);
    if (!kept || now - kept.at > KEPT_DAYS * 86400000) storage.removeItem(key);
  }
}

/** @param {Storage} storage @param {string} key */
function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

export class Drafts {
  /**
   * @param {import("./work.js").Work} work
   * @param {{state: (state: DraftState) => void, signIn: () => Promise<void>, lost: (problem: Problem) => void}} on
   */
  constructor(work, on) {
    const { task, me, urls, draft } = work.payload;
    this.work = work;
    this.on = on;
    this.url = urls.draft;
    this.key = `${PREFIX}${me?.id ?? "me"}.${task.id}`;
    this.revision = draft?.revision ?? 0;
    /** @type {Record<string, any>} what the server holds */
    this.base = draft?.values ?? {};
    this.retry = 1000;
    this.channel = new BroadcastChannel(`refinery.task.${task.id}`);
    this.save = debounce(() => void this.send(), PAUSE);
    this.recover();
    this.channel.onmessage = ({ data }) => this.heard(data);
    this.changed = (/** @type {any} */ event) => event.detail.why === "edit" && this.touched(event.detail.names);
    work.addEventListener("change", this.changed);
    this.online = () => this.dirty && this.save();
    addEventListener("online", this.online);
    this.leaving = () => this.dirty && void this.send(true);
    addEventListener("pagehide", this.leaving);
  }

  /** Merge the server's draft with this device's; entries that are not yet saved take precedence. */
  recover() {
    const mirror = read(localStorage, this.key);
    this.work.restore({ ...this.base, ...mirror?.values });
    if (mirror) this.touched([]);
  }

  /** @param {string[]} names the fields that were changed here */
  touched(names) {
    this.dirty = true;
    this.mirror();
    const entries = Object.fromEntries(names.map((name) => [name, this.work.entry(name)]));
    this.channel.postMessage({ entries, revision: this.revision });
    this.on.state("saving");
    this.save();
  }

  /** Store the draft only until the server has it, because the device may be shared. */
  mirror() {
    try {
      if (!this.dirty) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, JSON.stringify({ values: this.work.draft(), at: Date.now() }));
    } catch {
      // If the storage is full or forbidden, only the server has a copy.
    }
  }

  /** Another tab on the same task changed entries, or saved a revision.
   * @param {{entries?: Record<string, any>, saved?: Record<string, any>, revision: number}} said */
  heard(said) {
    this.revision = Math.max(this.revision, said.revision);
    if (said.saved) this.base = said.saved;
    if (said.entries) this.work.adopt(said.entries, document.hasFocus() ? this.work.focused : undefined);
  }

  /** @param {boolean} [leaving] the page is going away: one last try that outlives it */
  async send(leaving = false) {
    if (this.sending && !leaving) {
      this.again = true;
      return;
    }
    this.sending = true;
    const values = this.work.draft();
    this.dirty = false;
    try {
      const lease = this.work.payload.lease?.token;
      const answer = await request("POST", this.url, { lease, revision: this.revision, values }, { keepalive: leaving });
      this.accept(answer.revision, values);
    } catch (error) {
      this.dirty = true;
      await this.failed(/** @type {Problem} */ (error));
    } finally {
      this.sending = false;
      if (this.again) {
        this.again = false;
        this.save();
      }
    }
  }

  /** What the server holds. @returns {{revision: number, values: Record<string, any>}} */
  stored() {
    return { revision: this.revision, values: this.base };
  }

  /** @param {number} revision @param {Record<string, any>} values */
  accept(revision, values) {
    this.revision = revision;
    this.base = values;
    this.retry = 1000;
    this.mirror();
    if (this.closed) return;
    this.channel.postMessage({ saved: values, revision });
    if (!this.dirty) this.on.state("saved");
  }

  /** @param {Problem} problem */
  async failed(problem) {
    this.mirror();
    if (this.closed) return;
    if (problem.status === 401) {
      this.on.state("signed-out");
      await this.on.signIn();
      this.save();
    } else if (problem.status === 409 && problem.body.values) this.merge(problem.body);
    else if (problem.passing) {
      this.on.state("local");
      this.later = setTimeout(() => this.dirty && this.save(), this.retry);
      this.retry = Math.min(LONGEST_RETRY, this.retry * 2);
    } else this.on.lost(problem);
  }

  /** Resolve a conflict with another device: keep the changes made here, take the rest from the server.
   * @param {{revision: number, values: Record<string, any>}} theirs */
  merge(theirs) {
    const mine = this.work.draft();
    const own = Object.keys({ ...mine, ...this.base }).filter(
      (name) => JSON.stringify(mine[name]) !== JSON.stringify(this.base[name]),
    );
    const merged = { ...theirs.values };
    for (const name of own) {
      if (mine[name]) merged[name] = mine[name];
      else delete merged[name];
    }
    this.revision = theirs.revision;
    this.base = theirs.values;
    this.work.restore(merged);
    this.save();
  }

  /** Delete the device's copy after the decision. */
  forget() {
    this.dirty = false;
    localStorage.removeItem(this.key);
  }

  /** @param {{decided?: boolean}} [options] decided: what was done is in the decision, on its way */
  close({ decided = false } = {}) {
    this.closed = true;
    this.work.removeEventListener("change", this.changed);
    removeEventListener("online", this.online);
    removeEventListener("pagehide", this.leaving);
    clearTimeout(this.later);
    this.save.cancel();
    if (this.dirty && !decided) void this.send();
    this.channel.close();
  }
}
