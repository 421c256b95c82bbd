// Review session: the open document, the one claimed ahead, and the last ones decided.

import { Problem, get, post } from "../lib/http.js";
import { fill, gettext, ngettext } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { Prefetch, payloadUrl } from "./prefetch.js";
import { confirmValues, postWithRetry, showConflict, submit, why } from "./decisions.js";
import { Drafts } from "./drafts.js";
import { LeaseKeeper } from "./lease.js";
import { Rechecks } from "./rechecks.js";
import { signInAgain } from "./sign-in.js";
import { Work } from "./work.js";

/** @typedef {{payload: any, work: Work, drafts: Drafts, checks: Rechecks, lease: LeaseKeeper}} Open */
/** @typedef {{payload: any, work: Work, drafts: Drafts, decision: "approve" | "reject" | "needs_second_review",
 *   reason?: string, unseen: number}} Decided */

const PATIENCE = 100; // milliseconds to wait for a response
const UNDO_DEPTH = 10; // documents that undo reaches back

/** Dispatches `open`, `state` (whether a decision is possible), `draft` (detail: state), `lost` (detail: Problem),
 * `unclaimed` (detail: Problem, why
 * the open task could not be claimed), `ahead` (whether a next one is claimed), `done` (detail: Problem, if the request failed). */
export class Session extends EventTarget {
  /** @param {any} payload */
  constructor(payload) {
    super();
    this.ahead = new Prefetch(payload.urls, (id) => id === this.open?.payload.task.id, payload.chosen_queue);
    /** @type {Open | null} */
    this.open = null;
    /** @type {Decided[]} the decisions that can be undone, the last one at the end */
    this.decided = [];
    this.busy = false;
    /** Whether the open document has been visible long enough to be approved. */
    this.armed = false;
    /** @type {Promise<void>} the last decision, until its response arrives */
    this.sending = Promise.resolve();
  }

  get editable() {
    return Boolean(this.open?.payload.lease) && !this.lost;
  }

  /** Whether the file is still locked: it can only be rejected. */
  get locked() {
    return this.open?.payload.task.kind === "password";
  }

  /** Open a task. @param {any} payload @param {{work?: Work, push?: boolean}} [options] */
  show(payload, { work, push = true } = {}) {
    this.close();
    this.lost = false;
    this.armed = false;
    const kept = work ?? new Work(payload);
    kept.payload = payload;
    const on = {
      state: (/** @type {string} */ state) => this.say("draft", state),
      signIn: signInAgain,
      lost: (/** @type {Problem} */ problem) => this.losing(kept, problem),
    };
    const drafts = new Drafts(kept, on); // restores the values that are then checked
    this.open = { payload, work: kept, drafts, checks: new Rechecks(kept), lease: new LeaseKeeper(payload, on) };
    const address = payload.task.url + (this.ahead.queue ? `?queue=${this.ahead.queue}` : "");
    if (push && location.pathname !== payload.task.url) history.pushState({ task: payload.task.id }, "", address);
    this.say("open");
    if (payload.lease) void this.sending.then(() => this.lookAhead(payload));
  }

  /** Allow the approval of a document whose page is visible. @param {Open} open */
  arm(open) {
    if (this.open !== open) return;
    this.armed = true;
    this.say("state");
  }

  /** Claim the next task, once the previous decision has freed a lease. @param {any} payload */
  async lookAhead(payload) {
    if (this.open?.payload === payload) this.keepAhead(await this.ahead.fetch());
  }

  /** @param {string} kind @param {any} [detail] */
  say(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  /** @param {{decided?: boolean}} [options] */
  close(options) {
    this.open?.drafts.close(options);
    this.open?.checks.close();
    this.open?.lease.stop();
    this.open = null;
  }

  /** Extend the lease of the task claimed ahead as well. @param {any} held */
  keepAhead(held) {
    this.say("ahead", Boolean(held));
    this.aheadLease?.stop();
    if (!held?.lease) return;
    const forget = () => this.ahead.restore(null);
    this.aheadLease = new LeaseKeeper(held, { lost: forget, signIn: signInAgain });
  }

  /** @param {Work} work @param {Problem} problem */
  losing(work, problem) {
    if (this.open?.work !== work) return;
    this.lost = true;
    this.open.lease.stop();
    this.say("lost", problem);
  }

  /** Run one operation at a time; a second key press meanwhile is ignored.
   * @param {() => Promise<void>} work */
  async alone(work) {
    if (this.busy) return;
    this.busy = true;
    this.say("state");
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(why(error));
    } finally {
      this.busy = false;
      this.say("state");
    }
  }

  /** Decide and continue: at once if the response is quick, else as soon as the next document can be shown.
   * @param {"approve" | "reject" | "needs_second_review"} decision
   * @param {string} [reason] an approval with one was asked for in a dialog, after the page was visible */
  decide(decision, reason) {
    return this.alone(async () => {
      await this.sending;
      if (!this.open || !this.editable || (this.locked && decision !== "reject")) return;
      if (decision === "approve" && !this.armed && !reason) return;
      const { payload, work, drafts } = this.open;
      const decided = { payload, work, drafts, decision, reason, unseen: decision === "approve" ? work.count().left : 0 };
      const attempt = submit(payload, work, decision, reason).then(() => null, (error) => error);
      const early = await Promise.race([attempt, this.patience()]);
      if (early) return void this.refuse(early, decided);
      this.decided = [...this.decided, decided].slice(-UNDO_DEPTH);
      this.close({ decided: true });
      this.sending = attempt.then((problem) => (problem ? this.revive(decided, problem) : this.accept(decided)));
      await this.next();
    });
  }

  /** @param {Decided} decided */
  accept(decided) {
    decided.drafts.forget();
    this.report(decided);
  }

  /** Handle a failed background decision: its document is reopened unchanged.
   * @param {Decided} decided @param {Problem} problem */
  revive(decided, problem) {
    const { open } = this;
    if (open?.payload.lease) this.ahead.restore(open.payload);
    this.decided = this.decided.filter((other) => other !== decided);
    decided.payload.draft = decided.drafts.stored();
    this.show(decided.payload, { work: decided.work });
    void this.refuse(problem, decided);
  }

  /** Show why a decision failed, or ask what it needs; no work is lost.
   * @param {any} problem @param {Decided} decided */
  async refuse(problem, { work, decision }) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.is("confirmation-needed")) {
      const reason = await confirmValues(problem, work);
      if (reason && this.open?.work === work) await this.decide(decision, reason);
    } else if (problem.status !== 409) toast(why(problem));
    else if (problem.is("lease-lost")) this.losing(work, problem);
    else if ((await showConflict(problem, work)) === "next") await this.alone(() => this.next());
  }

  /** Resolves to null when the response takes too long for the reviewer. */
  async patience() {
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    return this.ahead.held ? null : new Promise(() => undefined);
  }

  /** @param {Decided} decided */
  report({ decision, unseen, payload }) {
    const { title } = payload.document;
    const done = {
      approve: gettext("%(title)s approved."),
      reject: gettext("%(title)s rejected."),
      needs_second_review: gettext("%(title)s goes to a second reviewer."),
    }[decision];
    const left = fill(ngettext("%(n)s field was not looked at.", "%(n)s fields were not looked at.", unseen), { n: unseen });
    toast(unseen > 0 ? `${fill(done, { title })} ${left}` : fill(done, { title }), {
      action: gettext("Undo"),
      act: () => void this.undoLast(),
      life: (payload.undo_seconds ?? 30) * 1000,
    });
  }

  /** Show the task claimed ahead; `done` when nothing is waiting. */
  async next() {
    this.aheadLease?.stop();
    try {
      const payload = await this.ahead.take();
      if (payload) return this.show(payload);
      this.close();
      this.say("done");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.close();
      this.say("done", error);
    }
  }

  /** Leave this task without deciding. @param {"release" | "skip" | "postpone" | "escalate"} verb
   * @param {any} data @param {string} message */
  leave(verb, data, message) {
    return this.alone(async () => {
      await this.sending;
      if (!this.open) return;
      const { payload, drafts } = this.open;
      if (drafts.dirty) await drafts.send();
      await this.ahead.waiting;
      if (payload.lease && !this.lost) await postWithRetry(payload.urls[verb], { lease: payload.lease.token, ...data });
      await this.next();
      toast(message);
    });
  }

  /** Undo the last decision that is not undone yet, within the grace period. */
  undoLast() {
    return this.alone(async () => {
      await this.sending;
      const last = this.decided.at(-1);
      if (!last) return toast(gettext("There is nothing to undo."));
      const before = this.open;
      this.aheadLease?.stop();
      await this.ahead.release();
      const payload = await this.takeBack(last);
      this.decided = this.decided.filter((other) => other !== last);
      if (before?.payload.lease) this.ahead.restore(before.payload);
      this.show(payload, { work: last.work });
      toast(fill(gettext("%(title)s is open again."), { title: payload.document.title }));
    });
  }

  /** Have the server undo a decision. When it is too late for this one, it is too late for those before it.
   * @param {Decided} decided @returns {Promise<any>} the payload of its task */
  async takeBack({ payload }) {
    try {
      await postWithRetry(payload.urls.undo, {});
      return await get(payloadUrl(payload.urls, payload.task.id));
    } catch (error) {
      if (error instanceof Problem && !error.passing) this.decided = [];
      if (this.open?.payload.lease) void this.lookAhead(this.open.payload);
      throw error;
    }
  }

  /** Claim the open task, which was opened without a claim. */
  claim() {
    return this.alone(async () => {
      if (!this.open) return;
      const { payload } = this.open;
      const { lease } = await postWithRetry(payload.urls.claim, {}).catch((error) => {
        this.say("unclaimed", error);
        throw error;
      });
      const fresh = await get(payloadUrl(payload.urls, payload.task.id));
      this.show({ ...fresh, lease: fresh.lease ?? lease }, { push: false });
    });
  }

  /** @param {string} text */
  async comment(text) {
    if (!this.open) return null;
    return post(this.open.payload.urls.comment, { text });
  }
}
