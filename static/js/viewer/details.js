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

/** Mark of an issue that needs nobody any more. @param {"resolved" | "accepted"} state @param {any} issue
 * @returns {[string, string, string]} */
function settled(state, issue) {
  if (state === "resolved") return ["check", "good", gettext("Resolved")];
  const who = issue.accepted_by;
  return ["check", "info", who ? fill(gettext("Accepted by %(who)s"), { who }) : gettext("Accepted by you")];
}

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

  /** @param {any} payload @param {import("./work.js").Work} work */
  show(payload, work) {
    this.pagesUrl = `${payload.document.url}pages/`;
    this.showIssues(work);
    this.fill("history", payload.history ?? [], this.event, gettext("Nothing has happened to this document yet."));
    this.comments = payload.comments ?? [];
    this.showComments();
    this.choose("issues");
  }

  /** Issues with their states; the count is that of the open ones. @param {import("./work.js").Work} work */
  showIssues(work) {
    const states = work.issues.map((issue) => work.stateOf(issue));
    const wanted = JSON.stringify([work.payload.task.id, states, work.issues]);
    if (wanted === this.shownIssues) return;
    this.shownIssues = wanted;
    this.fill("issues", work.issues, (issue) => this.issue(issue, work), gettext("No check found anything wrong."));
    const open = states.filter((state) => state === "open").length;
    one("[data-count=issues]", this.root).textContent = work.issues.length > 0 ? String(open) : "";
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

  /** @param {any} issue @param {import("./work.js").Work} work */
  issue(issue, work) {
    const state = work.stateOf(issue);
    const [mark, tone, word] = state === "open" ? (SEVERITIES[issue.severity] ?? SEVERITIES.info)() : settled(state, issue);
    const place = issue.page ? fill(gettext("page %(page)s"), { page: issue.page }) : "";
    const button = el(
      "button",
      { class: "issue", type: "button", onclick: () => this.open(issue) },
      el("span", { class: `status status--${tone}` }, icon(mark), word),
      el(state === "resolved" ? "s" : "span", { class: "issue__message" }, issue.message),
      state === "open" && issue.recommendation && el("span", { class: "issue__advice" }, issue.recommendation),
      place && el("span", { class: "issue__place" }, place),
    );
    const link = issue.code === "may_hold_several" ? this.splitLink(issue) : issue.other && this.other(issue.other);
    return el("li", { "data-testid": `issue:${issue.code}`, "data-state": state }, button, link);
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
