// Details below the fields: issues with their places, the document's history, comments.

import { all, el, icon, one } from "../lib/dom.js";
import { exactTime, fill, gettext, relative } from "../lib/i18n.js";

const SEVERITIES = /** @type {Record<string, () => [string, string, string]>} */ ({
  blocker: () => ["cross-circle", "bad", gettext("Blocker")],
  critical: () => ["cross-circle", "bad", gettext("Critical")],
  major: () => ["warning", "warn", gettext("Major")],
  minor: () => ["info", "info", gettext("Minor")],
  info: () => ["info", "info", gettext("Note")],
});

export class Details {
  /** @param {HTMLElement} root @param {(issue: any) => void} open */
  constructor(root, open) {
    this.root = root;
    this.open = open;
    root.addEventListener("click", (event) => {
      const tab = /** @type {Element} */ (event.target).closest('[role="tab"]');
      if (tab) this.choose(tab.getAttribute("data-tab") ?? "issues");
    });
    root.addEventListener("keydown", (event) => this.arrow(event));
  }

  /** @param {KeyboardEvent} event */
  arrow(event) {
    if (!/** @type {Element} */ (event.target).matches('[role="tab"]')) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = all('[role="tab"]', this.root);
    const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
    this.choose(next.dataset.tab);
    next.focus();
  }

  /** @param {string} name */
  choose(name) {
    for (const tab of all('[role="tab"]', this.root)) {
      const chosen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    for (const sheet of all('[role="tabpanel"]', this.root)) sheet.hidden = sheet.dataset.panel !== name;
  }

  /** @param {any} payload */
  show(payload) {
    const issues = payload.document.issues ?? [];
    this.pagesUrl = `${payload.document.url}pages/`;
    this.fill("issues", issues, (issue) => this.issue(issue), gettext("No check found anything wrong."));
    this.fill("history", payload.history ?? [], this.event, gettext("Nothing has happened to this document yet."));
    this.comments = payload.comments ?? [];
    this.showComments();
    this.choose("issues");
  }

  showComments() {
    this.fill("comments", this.comments ?? [], this.comment, gettext("No comments. Colleagues see what you write here."));
  }

  /** @param {any} comment */
  addComment(comment) {
    this.comments = [...(this.comments ?? []), comment];
    this.showComments();
  }

  /** @param {string} name @param {any[]} items @param {(item: any) => Node} draw @param {string} empty */
  fill(name, items, draw, empty) {
    one(`[data-count=${name}]`, this.root).textContent = items.length > 0 ? String(items.length) : "";
    const list = one(`[data-list=${name}]`, this.root);
    list.replaceChildren(...(items.length > 0 ? items.map(draw) : [el("li", { class: "soft" }, empty)]));
  }

  /** @param {any} issue */
  issue(issue) {
    const [mark, tone, word] = (SEVERITIES[issue.severity] ?? SEVERITIES.info)();
    const place = issue.page ? fill(gettext("page %(page)s"), { page: issue.page }) : "";
    const button = el(
      "button",
      { class: "issue", type: "button", onclick: () => this.open(issue) },
      el("span", { class: `status status--${tone}` }, icon(mark), word),
      el("span", { class: "issue__message" }, issue.message),
      issue.recommendation && el("span", { class: "issue__advice" }, issue.recommendation),
      place && el("span", { class: "issue__place" }, place),
    );
    const link = issue.code === "may_hold_several" ? this.splitLink(issue) : issue.other && this.other(issue.other);
    return el("li", { "data-testid": `issue:${issue.code}` }, button, link);
  }

  /** Link to the document that an issue compares this one with. @param {{title: string, url: string}} other */
  other(other) {
    return el("a", { class: "issue__link", href: other.url, target: "_blank", rel: "noopener", dir: "auto" }, other.title);
  }

  /** Link to the split editor. @param {any} issue */
  splitLink(issue) {
    return el("a", { class: "issue__link", href: `${this.pagesUrl}?page=${issue.page}` }, gettext("View the pages"));
  }

  /** @param {any} item */
  event(item) {
    const when = el("time", { datetime: item.at, title: exactTime(item.at) }, relative(item.at));
    return el("li", {}, el("span", {}, item.what, item.who && el("span", { class: "soft" }, ` ${item.who}`)), when);
  }

  /** @param {any} item */
  comment(item) {
    const when = el("time", { datetime: item.at, title: exactTime(item.at) }, relative(item.at));
    return el("li", { class: "comment" }, el("p", { class: "row row--apart" }, el("strong", {}, item.who), when),
      el("p", { dir: "auto" }, item.text));
  }
}
