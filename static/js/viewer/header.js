// Header of the viewer: document, remaining time, open fields, and actions.

import { all, icon, one } from "../lib/dom.js";
import { exactTime, fill, gettext, relative } from "../lib/i18n.js";

const DRAFTS = /** @type {Record<string, () => [string, string]>} */ ({
  saved: () => ["check", gettext("Saved")],
  saving: () => ["history", gettext("Saving")],
  local: () => ["offline", gettext("Kept on this device")],
  "signed-out": () => ["lock", gettext("Signed out, kept on this device")],
});

const APPROVING = new Set(["approve", "second"]);

/** @typedef {{may: boolean, busy?: boolean, locked?: boolean, armed?: boolean}} Allowed
 * locked: nothing was read that could be approved; armed: the page has been visible long enough to be approved */

export class Header {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.due = one("[data-due]", root);
    setInterval(() => this.tick(), 30000);
  }

  /** @param {any} payload */
  show(payload) {
    const { task, document: subject } = payload;
    this.payload = payload;
    document.title = `${subject.title} · Refinery`;
    for (const place of all("[data-title]")) place.textContent = subject.title;
    const kind = subject.schema_title || subject.schema || gettext("Unknown document type");
    const kinds = new Set([kind, task.queue].filter(Boolean)); // often the same word
    one("[data-schema]", this.root).textContent = [...kinds].join(" · ");
    this.status(subject);
    this.einvoice(subject);
    for (const link of all("[data-record-link]")) link.href = subject.url;
    for (const link of all("[data-pages-link]")) link.href = `${subject.url}pages/`;
    this.tick();
  }

  /** @param {any} subject */
  status(subject) {
    const mark = one("[data-testid=document-status]", this.root);
    mark.dataset.status = subject.status;
    const { icon: name = "eye", tone = "info", title = subject.status } = subject.status_mark ?? {};
    mark.className = `badge badge--${tone}`;
    mark.replaceChildren(icon(name), title);
  }

  /** E-invoice of the document: its standard, validity, and a link to the XML.
   * @param {any} subject */
  einvoice(subject) {
    const place = one("[data-einvoice]");
    const { einvoice } = subject;
    place.hidden = !einvoice;
    if (!einvoice) return;
    const { title, mark, words, xml } = einvoice;
    place.className = `status status--${mark.tone} side__notice`;
    place.replaceChildren(icon(mark.icon), [gettext("E-invoice"), title, mark.title, words].filter(Boolean).join(" · "));
    place.title = gettext("Download the XML of the e-invoice");
    place.href = xml;
  }

  tick() {
    const { due_at: due } = this.payload?.task ?? {};
    this.due.hidden = !due;
    if (!due) return;
    const late = Date.parse(due) < Date.now();
    const word = late ? gettext("was due %(when)s") : gettext("due %(when)s");
    this.due.className = late ? "status status--bad" : "status";
    this.due.replaceChildren(icon(late ? "warning" : "clock"), fill(word, { when: relative(due) }));
    this.due.title = exactTime(due);
  }

  /** @param {{left: number, all: number}} count */
  count({ left, all: total }) {
    const text = left > 0 ? fill(gettext("%(left)s of %(all)s to check"), { left, all: total }) : gettext("All checked");
    const place = one("[data-left]", this.root);
    if (place.textContent !== text) place.textContent = text;
  }

  /** @param {string} state */
  draft(state) {
    const place = one("[data-draft]", this.root);
    const [mark, word] = (DRAFTS[state] ?? DRAFTS.saved)();
    place.dataset.state = state;
    place.replaceChildren(icon(mark), word);
  }

  /** @param {Allowed} allowed */
  enable({ may, busy = false, locked = false, armed = true }) {
    for (const button of all("[data-action]", this.root)) {
      const refused = (locked && APPROVING.has(button.dataset.do)) || (!armed && button.dataset.do === "approve");
      button.disabled = !may || busy || refused;
    }
    one("[data-testid=next-document]", this.root).disabled = busy;
  }

  /** Banner for a state that affects the whole page, above everything else.
   * @param {string} [text] @param {{action?: string, act?: () => void, tone?: string}} [options] */
  banner(text, { action, act, tone = "warn" } = {}) {
    const place = one("[data-banner]");
    place.hidden = !text;
    if (!text) return;
    place.className = `notice notice--${tone} viewer__banner`;
    const words = Object.assign(document.createElement("p"), { className: "grow", textContent: text });
    place.replaceChildren(icon(tone === "info" ? "info" : "warning"), words);
    if (!action) return;
    const button = Object.assign(document.createElement("button"), { className: "button", type: "button", textContent: action });
    button.addEventListener("click", () => act?.());
    place.append(button);
  }
}
