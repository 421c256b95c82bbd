// The viewer: ties page, fields, keys and decisions together.

import { all, embedded, one } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { gettext } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { listen } from "../live.js";
import { bindActions } from "./actions.js";
import { payloadUrl } from "./prefetch.js";
import { drawBlocks, writeBlocks } from "./blocks.js";
import { Boxes } from "./boxes.js";
import { Details } from "./details.js";
import { forgetOldDrafts } from "./drafts.js";
import { Header } from "./header.js";
import { paintHeat } from "./heat.js";
import { Keymap, spoken } from "./keymap.js";
import { Panel } from "./panel.js";
import { Region } from "./region.js";
import { arrived } from "./read-region.js";
import { Session } from "./session.js";
import { Stage } from "./stage.js";
import { Thumbs } from "./thumbs.js";
import { readingOf, wordsOf } from "./words.js";

const SEEN_FOR = 700; // milliseconds that a document's page is visible before it can be approved
const LAPSED = 1000; // milliseconds after the end of a lease, for clocks that differ

export class Viewer {
  /** @param {HTMLElement} root @param {any} payload */
  constructor(root, payload) {
    this.root = root;
    this.keymap = new Keymap();
    this.session = new Session(payload);
    this.header = new Header(root);
    this.stage = new Stage(one("[data-stage]", root));
    const layer = one("[data-boxes]", root);
    const over = (/** @type {string | null} */ name) => this.light(name);
    this.boxes = new Boxes(layer, { pick: (name) => this.work?.focus(name, "page"), over });
    this.panel = new Panel(one("[data-fields]", root), {
      over,
      take: (id) => this.act(id),
      label: (id) => this.keymap.label(id),
    });
    this.thumbs = new Thumbs(one("[data-thumbs]", root), (number) => this.turnTo(number));
    this.details = new Details(one("[data-details]", root), (issue) => this.lookAt(issue));
    this.region = new Region(this.stage, layer, (on) => one("[data-do=region]", root).setAttribute("aria-pressed", String(on)));
    this.heat = false;
    this.layout = false;
    this.act = bindActions(this);
    this.label();
    this.session.addEventListener("open", () => this.opened());
    this.session.addEventListener("state", () => this.enabled());
    this.session.addEventListener("draft", (/** @type {any} */ event) => this.header.draft(event.detail));
    this.session.addEventListener("lost", (/** @type {any} */ event) => this.lost(event.detail));
    this.session.addEventListener("unclaimed", (/** @type {any} */ event) => this.refused(event.detail));
    this.session.addEventListener("ahead", (/** @type {any} */ event) => (root.dataset.ahead = event.detail ? "held" : "none"));
    this.session.addEventListener("done", (/** @type {any} */ event) => this.finished(event.detail));
    this.session.show(payload, { push: false });
  }

  get work() {
    return this.session.open?.work;
  }

  opened() {
    const open = /** @type {import("./session.js").Open} */ (this.session.open);
    const { payload, work, drafts } = open;
    delete this.root.dataset.ahead;
    one("[data-finished]", this.root).hidden = true;
    one("[data-bench]", this.root).hidden = false;
    this.header.show(payload);
    this.header.banner();
    this.header.draft(drafts.dirty ? "saving" : "saved");
    this.panel.show(work, this.session.editable);
    this.thumbs.show(work);
    this.details.show(payload, work);
    this.region.show(work);
    work.addEventListener("change", this.changed);
    work.addEventListener("focus", this.focused);
    this.header.count(work.count());
    this.unlisten?.();
    this.unlisten = listen(`/ws/documents/${payload.document.id}`, (event) => this.heard(event));
    this.enabled();
    const [first] = work.pending();
    this.number = 0;
    this.turnTo(this.startPage(first && work.entry(first).page), { fresh: true });
    if (first) work.focus(first, "open");
    this.panel.rest();
    if (this.session.locked) this.locked(payload);
    else if (!payload.lease) this.unclaimed(payload);
    this.lookLater(payload.task);
    void this.arm(open);
  }

  /** The page of the first field that needs a human, or the first page. @param {number | null | undefined} wanted */
  startPage(wanted) {
    const { pages } = /** @type {import("./session.js").Open} */ (this.session.open).payload.document;
    const numbers = pages.map((/** @type {any} */ page) => page.number);
    return numbers.includes(wanted) ? /** @type {number} */ (wanted) : (numbers[0] ?? 1);
  }

  /** Approval is possible once the page has been visible for a moment: a key meant for the last document decides
   * nothing here. @param {import("./session.js").Open} open */
  async arm(open) {
    await this.painting;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    setTimeout(() => this.session.arm(open), SEEN_FOR);
  }

  /** Write the current keys on the buttons. */
  label() {
    for (const place of all("[data-key]", this.root)) place.textContent = spoken(this.keymap.label(place.dataset.key)).join(" ");
  }

  changed = (/** @type {any} */ event) => {
    const work = event.target;
    if (work !== this.work) return;
    const { names, why } = event.detail;
    this.panel.refresh(names);
    if (why === "edit" && names.includes(work.focused) && this.spot !== place(work, work.focused)) this.follow(work.focused);
    if (names.some((/** @type {string} */ name) => this.moved(name))) this.boxes.show(work, this.page);
    if (why === "checked") this.boxes.show(work, this.page);
    for (const name of names) this.boxes.paint(name);
    this.details.showIssues(work);
    this.thumbs.count();
    this.header.count(work.count());
  };

  /** A value was taken from another place, so its box must be redrawn. @param {string} name */
  moved(name) {
    const { bbox, page } = /** @type {import("./work.js").Work} */ (this.work).entry(name);
    const rect = this.boxes.drawn.get(name);
    return page === this.number ? Boolean(bbox) !== Boolean(rect) || this.work?.changed(name) : Boolean(rect);
  }

  focused = (/** @type {any} */ event) => {
    const work = event.target;
    if (work !== this.work) return;
    const { name, from } = event.detail;
    this.boxes.focus(name);
    if (from === "open") this.spot = place(work, name);
    else this.follow(name);
    this.panel.focus(name, from !== "panel" && from !== "open");
  };

  /** Show the place on the page that a field's value comes from. @param {string} name */
  follow(name) {
    const work = /** @type {import("./work.js").Work} */ (this.work);
    const { page, bbox } = work.entry(name);
    this.spot = place(work, name);
    if (page && page !== this.number) this.turnTo(page);
    if (bbox) this.stage.zoomTo(bbox);
  }

  get page() {
    return this.stage.page;
  }

  /** @param {number} number @param {{fresh?: boolean}} [options] fresh: the first page of a document just opened */
  turnTo(number, { fresh = false } = {}) {
    const payload = this.session.open?.payload;
    const page = payload?.document.pages.find((/** @type {any} */ item) => item.number === number);
    if (!page || !this.work) return;
    this.number = number;
    this.painting = fresh ? this.stage.open(page) : this.stage.show(page);
    this.boxes.show(this.work, page);
    this.thumbs.mark(number);
    one("[data-page-readout]", this.root).textContent = `${number} / ${payload.document.pages.length}`;
    void this.showHeat();
    void this.showLayout();
  }

  /** @param {any} issue */
  lookAt(issue) {
    if (issue.field && this.work?.specs.has(issue.field)) return this.work.focus(issue.field);
    if (issue.page) this.turnTo(issue.page);
    if (issue.bbox) this.stage.zoomTo(issue.bbox);
  }

  /** @param {string | null} name */
  light(name) {
    this.boxes.light(name);
    this.panel.light(name);
  }

  async showHeat() {
    const canvas = one("[data-heat]", this.root);
    canvas.hidden = !this.heat;
    const page = this.page;
    if (!this.heat || page.error) return;
    const words = await wordsOf(page).catch(() => null);
    if (words && page === this.page) {
      paintHeat(canvas, page, words);
      canvas.dataset.painted = String(page.number);
    }
    if (!words) toast(gettext("The words of this page could not be fetched."));
  }

  async showLayout() {
    const layer = one("[data-blocks]", this.root);
    const text = one("[data-reading]", this.root);
    const page = this.page;
    const shown = this.layout && !page.error;
    layer.replaceChildren();
    delete layer.dataset.drawn;
    layer.toggleAttribute("hidden", !shown);
    text.hidden = !shown;
    if (!shown) return;
    const reading = await readingOf(page).catch(() => null);
    if (!reading) toast(gettext("The blocks of this page could not be fetched."));
    if (!reading || page !== this.page || !this.layout) return;
    drawBlocks(layer, page, reading.blocks);
    writeBlocks(text, reading.blocks, reading.words);
    layer.dataset.drawn = String(page.number);
  }

  enabled() {
    const { editable: may, busy, locked, armed } = this.session;
    this.header.enable({ may, busy, locked, armed });
  }

  /** @param {any} payload */
  unclaimed(payload) {
    this.panel.editable(false);
    const act = () => void this.session.claim();
    if (payload.task.claimable) {
      this.header.banner(gettext("You are viewing this document without a claim."), { action: gettext("Claim it"), act, tone: "info" });
      one("[data-banner] button", this.root).focus();
    } else this.header.banner(payload.task.note || gettext("You cannot decide this document now."), { tone: "info" });
  }

  /** The claim failed: say why, and who has the task now. @param {any} problem */
  refused(problem) {
    if (problem.is?.("too-many-leases")) {
      this.header.banner(problem.message, { action: gettext("Open the desk"), act: () => one("[data-finished] a", this.root).click() });
    } else void this.look();
  }

  /** A locked file has no pages to review: the password is entered on its record. @param {any} payload */
  locked(payload) {
    this.header.banner(gettext("This file is locked. Enter its password on the document page."), {
      action: gettext("Open the record"),
      act: () => location.assign(payload.document.url),
    });
  }

  /** @param {import("../lib/http.js").Problem} problem */
  lost(problem) {
    this.panel.editable(false);
    this.enabled();
    const who = problem.body.holder ?? problem.body.by;
    const text = who ? `${problem.message} (${who})` : problem.message;
    this.header.banner(`${gettext("Your claim has expired. Your values are kept here.")} ${text}`, {
      action: gettext("Claim it again"),
      act: () => void this.session.claim(),
    });
  }

  /** @param {import("../lib/http.js").Problem} [problem] why there is no next document, when it is not for lack of one */
  finished(problem) {
    this.unlisten?.();
    one("[data-bench]", this.root).hidden = true;
    const end = one("[data-finished]", this.root);
    end.hidden = false;
    one("[data-clear]", end).hidden = Boolean(problem);
    one("[data-stuck]", end).hidden = !problem;
    one("[data-do=look-again]", end).focus();
  }

  /** @param {any} event */
  heard(event) {
    if (event.type === "region.read") arrived(event.id);
    else if (event.type === "poll" || event.status) void this.look();
  }

  /** Refresh the status after the document has changed elsewhere, or may have. */
  async look() {
    const { open } = this.session;
    const fresh = open && (await get(payloadUrl(open.payload.urls, open.payload.task.id)).catch(() => null));
    if (!fresh || open !== this.session.open) return;
    const { status, status_mark } = fresh.document;
    this.header.status(Object.assign(open.payload.document, { status, status_mark }));
    if (!open.payload.lease) this.watch(open.payload, fresh.task);
  }

  /** Whoever has the task may leave it without an event, when the lease lapses: look again then.
   * @param {any} payload @param {any} task */
  watch(payload, task) {
    const before = JSON.stringify([payload.task.claimable, payload.task.note]);
    Object.assign(payload.task, task);
    if (JSON.stringify([task.claimable, task.note]) !== before) this.unclaimed(payload);
    this.lookLater(task);
  }

  /** @param {{held_until: string | null}} task */
  lookLater({ held_until: until }) {
    clearTimeout(this.later);
    if (until) this.later = setTimeout(() => void this.look(), Math.max(0, Date.parse(until) - Date.now()) + LAPSED);
  }
}

/** @param {import("./work.js").Work} work @param {string} name */
const place = (work, name) => JSON.stringify([work.entry(name).page, work.entry(name).bbox]);

const payload = embedded("task-payload");
const root = one("[data-viewer]");
if (root && payload) {
  forgetOldDrafts();
  Object.assign(root, { viewer: new Viewer(root, payload) });
  addEventListener("popstate", () => location.reload());
}
