// Sending a decision: handles rejection, network failure and an expired session without losing work.

import { ask } from "../lib/dialog.js";
import { askText } from "./dialogs.js";
import { el } from "../lib/dom.js";
import { Problem, post } from "../lib/http.js";
import { fill, gettext } from "../lib/i18n.js";
import { signInAgain } from "./sign-in.js";

const KEPT_ALIVE = 30000; // bytes: limit of a request with keepalive, which outlives its page

/**
 * Post with renewal of the session: a 401 asks the user to sign in, then the same request is sent again.
 * @param {string} url @param {any} data @param {object} [options] of the request
 */
export async function postWithRetry(url, data, options = {}) {
  for (;;) {
    try {
      return await post(url, data, options);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      await signInAgain();
    }
  }
}

/** @param {any} payload @param {import("./work.js").Work} work @param {string} decision @param {string} [reason] */
export function submit(payload, work, decision, reason) {
  const content = { decision, corrections: work.corrections(), confirm_values: true, ...(reason ? { reason } : {}) };
  const data = { lease: payload.lease?.token, ...content };
  return postWithRetry(payload.urls.submit, data, { keepalive: JSON.stringify(data).length < KEPT_ALIVE });
}

/** Return the reason why a decision failed, in the reviewer's terms. @param {Problem} problem @returns {string} */
export function why(problem) {
  if (problem.status === 0) return gettext("The server cannot be reached. Nothing was sent; your work is kept on this device.");
  if (problem.status === 429) return gettext("Too many requests at once. Wait a moment, then try again; your work is kept.");
  if (problem.status >= 500) return gettext("The server could not take the decision. Nothing was decided; your work is kept.");
  return problem.message;
}

/** Ask once for the reason to approve emptied or invalid values, which the server names by field.
 * @param {Problem} problem @param {import("./work.js").Work} work @returns {Promise<string>} the reason, or "" */
export function confirmValues(problem, work) {
  const doubts = /** @type {[string, string[]][]} */ (Object.entries(problem.body.errors ?? {}));
  const lines = doubts.map(([name, messages]) =>
    el("li", {}, el("strong", {}, work.specs.get(name)?.title ?? name), ` ${messages.join(" ")}`),
  );
  return askText({
    title: gettext("Approve these values as they are?"),
    hint: gettext("Why are they right? The reason is recorded."),
    action: gettext("Approve with this reason"),
    body: [el("ul", { class: "doubts" }, ...lines)],
  });
}

/** Show another person's decision next to the one that was not sent.
 * @param {Problem} problem @param {import("./work.js").Work} work @returns {Promise<string>} */
export function showConflict(problem, work) {
  const theirs = problem.body.corrections ?? [];
  const lines = theirs.map((/** @type {any} */ item) => {
    const title = work.specs.get(item.field)?.title ?? item.field;
    const mine = work.specs.has(item.field) ? work.entry(item.field).value : "";
    return el("tr", {}, el("th", { scope: "row" }, title), el("td", {}, item.value), el("td", {}, mine));
  });
  const who = problem.body.by ? fill(gettext("%(who)s decided this document first."), { who: problem.body.by }) : problem.message;
  const table = el("table", { class: "table" },
    el("thead", {}, el("tr", {}, ...[gettext("Field"), gettext("Sent"), gettext("Yours")].map((word) => el("th", { scope: "col" }, word)))),
    el("tbody", {}, ...lines));
  return ask({
    title: problem.body.title || gettext("Someone else was first"),
    body: [el("p", {}, who), lines.length > 0 ? table : el("p", { class: "soft" }, gettext("Your values are kept here as long as this page is open."))],
    actions: [{ name: "next", title: gettext("Open the next document"), kind: "button--primary" }],
  });
}
