// Split editor of a file's pages, for keyboard and mouse.

import { ask } from "../lib/dialog.js";
import { all, debounce, el, embedded, one } from "../lib/dom.js";
import { get, Problem, request } from "../lib/http.js";
import { fill, gettext, ngettext } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { listen } from "../live.js";
import { Board } from "./board.js";
import { dragging } from "./dragging.js";
import { SplitState } from "./split-state.js";

const KEYS = /** @type {Record<string, string>} */ ({ c: "cut", m: "merge", x: "drop", Delete: "drop", Enter: "look", a: "joinAll", r: "rotate" });
const WALKS = new Set(["next", "previous", "above", "below"]); // what a held key may repeat

class SplitEditor {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.table = one("[data-table]", root);
    this.load(embedded("split-editor"));
    root.addEventListener("click", (event) => this.clicked(event));
    root.addEventListener("keydown", (event) => this.pressed(event));
    this.table.addEventListener("focusin", (/** @type {FocusEvent} */ event) => this.focused(event));
    dragging(this.table, (page, other, behind) => this.found.may_edit && this.do("moveTo", page, other, behind));
    addEventListener("beforeunload", (event) => this.changed && !this.leaving && event.preventDefault());
    const refresh = debounce(() => this.onLiveEvent(), 500);
    listen("/ws/queue", (event) => this.concerns(event) && refresh());
  }

  /** @param {any} found values from the server */
  load(found) {
    this.found = found;
    this.parts = new SplitState(found);
    /** @type {Map<number, number>} pages to rotate, and by how many quarter turns */
    this.rotations = new Map();
    this.board = new Board(this.table, found, { may: found.may_edit, rotations: this.rotations });
    const opened = found.parts.find((/** @type {any} */ part) => part.document === found.opened_from);
    const asked = Number(new URLSearchParams(location.search).get("page"));
    this.current = this.parts.order.includes(asked) ? asked : (opened ?? found.parts[0]).pages[0];
    this.show();
  }

  show() {
    this.board.draw(this.parts, this.current);
    const { parts, dropped } = this.parts.wanted();
    const documents = fill(ngettext("%(n)s document", "%(n)s documents", parts.length), { n: parts.length });
    const left = dropped.length > 0 ? fill(ngettext("%(n)s page removed", "%(n)s pages removed", dropped.length), { n: dropped.length }) : "";
    one("[data-count]", this.root).textContent = [documents, left].filter(Boolean).join(", ");
    const may = this.found.may_edit;
    for (const button of all("[data-do]", this.root)) button.disabled = !may && button.dataset.do !== "look";
    one("[data-do=undo]", this.root).disabled = this.parts.past.length === 0;
    one("[data-do=redo]", this.root).disabled = this.parts.future.length === 0;
    one("[data-do=apply]", this.root).disabled = !may || this.busy || !this.applicable;
    one("[data-locked]", this.root).hidden = may;
  }

  /** Whether there are unapplied changes. */
  get changed() {
    return this.parts.changed || this.rotations.size > 0;
  }

  /** Whether a suggestion can be answered by confirming the present split. */
  get applicable() {
    return this.changed || (this.found.boundaries.length > 0 && !this.found.by_person);
  }

  /** @param {number} page */
  go(page) {
    this.current = page;
    for (const button of all("[data-page]", this.table)) button.tabIndex = Number(button.dataset.page) === page ? 0 : -1;
    const button = this.board.at(page);
    button?.focus();
    button?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {FocusEvent} event */
  focused(event) {
    const button = /** @type {HTMLElement} */ (event.target).closest?.("[data-page]");
    if (button) this.current = Number(button.getAttribute("data-page"));
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const doing = target.closest("[data-do]")?.getAttribute("data-do");
    const cut = target.closest("[data-cut]")?.getAttribute("data-cut");
    const page = target.closest("[data-page]")?.getAttribute("data-page");
    if (doing) this.act(doing);
    else if (cut) this.do("cut", Number(cut));
    else if (page) this.go(Number(page));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const command = event.ctrlKey || event.metaKey;
    const name = command ? this.chord(event) : this.onPage(event) ? this.key(event) : "";
    if (!name) return;
    event.preventDefault();
    if (!event.repeat || WALKS.has(name)) this.act(name);
  }

  /** @param {KeyboardEvent} event */
  onPage(event) {
    return Boolean(/** @type {HTMLElement} */ (event.target).closest("[data-page]"));
  }

  /** @param {KeyboardEvent} event */
  chord(event) {
    const key = event.key.toLowerCase();
    if (key === "enter") return "apply";
    if (key === "z") return event.shiftKey ? "redo" : "undo";
    return key === "y" ? "redo" : "";
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
    if (event.key === forward) return event.altKey ? "later" : "next";
    if (event.key === back) return event.altKey ? "earlier" : "previous";
    const known = { ArrowDown: "below", ArrowUp: "above", Home: "first", End: "last" }[event.key];
    if (event.altKey) return "";
    return known ?? KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? "";
  }

  /** @param {string} name */
  act(name) {
    const page = this.current;
    const walk = /** @type {Record<string, () => void>} */ ({
      next: () => this.step(1),
      previous: () => this.step(-1),
      below: () => this.across(1),
      above: () => this.across(-1),
      first: () => this.go(this.parts.order[0]),
      last: () => this.go(this.parts.order[this.parts.order.length - 1]),
      look: () => this.look(page),
      apply: () => this.apply(),
    });
    if (walk[name]) walk[name]();
    else if (this.found.may_edit) this.change(name, page);
  }

  /** @param {string} name @param {number} page */
  change(name, page) {
    if (name === "rotate") this.rotate(page);
    else if (name === "earlier") this.do("move", page, -1);
    else if (name === "later") this.do("move", page, 1);
    else if (["undo", "redo", "joinAll"].includes(name)) this.do(name);
    else this.do(name, page);
  }

  /** Rotate a page by a quarter turn, clockwise; it is read again once the change is applied. @param {number} page */
  rotate(page) {
    const quarters = ((this.rotations.get(page) ?? 0) + 1) % 4;
    if (quarters === 0) this.rotations.delete(page);
    else this.rotations.set(page, quarters);
    this.show();
    this.go(page);
    const degrees = 90 * quarters;
    one("[data-said]", this.root).textContent = fill(gettext("Page %(page)s rotated by %(degrees)s degrees"), { page, degrees });
  }

  /** @param {string} name @param {...any} values */
  do(name, ...values) {
    const done = /** @type {any} */ (this.parts)[name](...values);
    if (!done) return;
    this.show();
    this.go(this.parts.order.includes(this.current) ? this.current : this.parts.order[0]);
    this.say(name, values);
  }

  /** @param {1 | -1} by */
  step(by) {
    const { order } = this.parts;
    const next = order[order.indexOf(this.current) + by];
    if (next !== undefined) this.go(next);
  }

  /** Move to the nearest page above or below in the current layout. @param {1 | -1} by */
  across(by) {
    const here = this.board.at(this.current)?.getBoundingClientRect();
    if (!here) return;
    const far = (/** @type {DOMRect} */ box) => Math.abs(box.left - here.left) + 3 * Math.abs(box.top - here.top);
    const boxes = all("[data-page]", this.table)
      .map((button) => [button, button.getBoundingClientRect()])
      .filter(([, box]) => (by > 0 ? box.top > here.top + here.height / 2 : box.bottom < here.bottom - here.height / 2));
    boxes.sort(([, one_], [, other]) => far(one_) - far(other));
    if (boxes[0]) this.go(Number(boxes[0][0].dataset.page));
  }

  /** Announce a change to screen readers. @param {string} name @param {any[]} values */
  say(name, values) {
    const { parts } = this.parts.wanted();
    const [page] = values;
    const words = /** @type {Record<string, string>} */ ({
      cut: gettext("Now %(n)s documents."),
      merge: gettext("Now %(n)s documents."),
      joinAll: gettext("Now one document."),
      move: gettext("Page %(page)s moved."),
      moveTo: gettext("Page %(page)s moved."),
      drop: this.parts.isDropped(page) ? gettext("Page %(page)s removed.") : gettext("Page %(page)s restored."),
      undo: gettext("Undone. %(n)s documents."),
      redo: gettext("Redone. %(n)s documents."),
    });
    one("[data-said]", this.root).textContent = fill(words[name] ?? "", { n: parts.length, page });
  }

  /** @param {number} page */
  look(page) {
    const { image, width, height, error } = this.board.pages.get(page) ?? { error: "missing" };
    const title = fill(gettext("Page %(page)s"), { page });
    const shown = error ? el("p", {}, gettext("This page could not be read.")) : el("img", { class: "page-preview", alt: title, width, height });
    if (!error) shown.src = image;
    return ask({ title, wide: true, body: [shown] });
  }

  async apply() {
    if (this.busy || !this.found.may_edit || !this.applicable || !(await this.confirmSuperseding())) return;
    this.busy = true;
    this.show();
    try {
      const pages = [...this.rotations].map(([page, quarters]) => ({ page, quarter_turns: quarters }));
      const splitChanged = this.parts.changed || pages.length === 0;
      const split = splitChanged && (await this.sendSplit());
      if (split) this.found.number = split.number; // if the rotation is rejected, it can be applied again
      if (pages.length > 0) await this.sendRotations(pages);
      await this.reload();
      if (split) toast(fill(ngettext("The file is %(n)s document.", "The file is %(n)s documents.", split.parts.length), { n: split.parts.length }));
    } catch (problem) {
      this.showProblem(/** @type {Problem} */ (problem));
    } finally {
      this.busy = false;
      this.show();
      this.go(this.current);
    }
  }

  sendSplit() {
    const headers = { "If-Match": `"${this.found.number}"` };
    return request("PUT", this.found.urls.split, this.parts.wanted(), { headers });
  }

  /** @param {{page: number, quarter_turns: number}[]} pages */
  async sendRotations(pages) {
    await request("POST", this.found.urls.rotations, { pages });
    toast(fill(ngettext("%(n)s page is rotated and read again.", "%(n)s pages are rotated and read again.", pages.length), { n: pages.length }));
  }

  /** @returns {Promise<boolean>} */
  async confirmSuperseding() {
    const gone = [...new Set([...this.parts.superseded(), ...this.parts.affectedByRotation([...this.rotations.keys()])])];
    if (gone.length === 0) return true;
    if (!this.found.may_reopen) {
      this.banner(gettext("A document that would change has been decided. A manager can split the file."));
      return false;
    }
    const text = fill(
      ngettext("%(n)s decided document is superseded: it stays on record, and receivers are notified.", "%(n)s decided documents are superseded: they stay on record, and receivers are notified.", gone.length),
      { n: gone.length },
    );
    const list = el("ul", {}, ...gone.map((/** @type {any} */ part) => el("li", { dir: "auto" }, part.filename)));
    const actions = [{ name: "yes", title: gettext("Supersede and apply"), kind: "button--primary" }];
    return (await ask({ title: gettext("Decided documents change"), body: [el("p", {}, text), list], actions })) === "yes";
  }

  /** @param {Problem} problem */
  showProblem(problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 412) {
      this.banner(gettext("The split was changed by someone else. Your changes were not applied."), gettext("Show how it is now"));
    } else if (problem.status === 401) this.banner(gettext("You are signed out. Sign in in another tab, then apply again."));
    else if (problem.passing) this.banner(gettext("The server cannot be reached. Nothing was changed; apply again."));
    else this.banner(problem.message);
  }

  /** @param {string} [text] @param {string} [action] */
  banner(text, action) {
    const place = one("[data-banner]", this.root);
    place.hidden = !text;
    const button = action && el("button", { class: "button", type: "button", onclick: () => this.reload() }, action);
    place.replaceChildren(...(text ? [el("p", { class: "grow" }, text), button].filter(Boolean) : []));
  }

  async reload() {
    const page = this.current;
    const found = await get(`${location.pathname}?part=payload`);
    this.banner();
    this.load(found);
    if (this.parts.order.includes(page)) this.current = page;
    this.show();
  }

  /** Return whether an event concerns the file or its documents, or events were missed. @param {any} event */
  concerns(event) {
    const ids = [this.found.document, ...this.found.parts.map((/** @type {any} */ part) => part.document)];
    return event.type === "poll" || ids.includes(event.id);
  }

  /** Handle a change made elsewhere to the file or its documents; unapplied edits are kept. */
  async onLiveEvent() {
    if (this.busy || this.changed || document.hidden) return;
    const held = document.activeElement?.closest("[data-page]");
    try {
      await this.reload();
    } catch {
      return; // the next event, or the poll, tries again
    }
    if (held) this.go(this.current);
  }
}

const root = one("[data-split-editor]");
if (root) new SplitEditor(root);
