// Uploads: select files or drop them anywhere on the page; each file has a row with its progress.

import { el, icon, one, svg } from "./lib/dom.js";
import { csrf } from "./lib/http.js";
import { fill, gettext, ngettext } from "./lib/i18n.js";
import { toast } from "./lib/toast.js";

const AT_ONCE = 3;
const STORE = "refinery.rejected-uploads"; // kept for this tab: a reload must not hide what was not accepted

/** @returns {{name: string, why: string}[]} */
function rejected() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? "[]");
  } catch {
    return [];
  }
}

/** @param {{name: string, why: string}[]} files */
function keepRejected(files) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(files));
  } catch {
    // Without storage they are shown until the page is left.
  }
}

/** Upload of one file. @param {{name: string}} file */
function line(file) {
  const bar = svg("rect", { class: "score__fill", x: 0, y: 0, width: 0, height: 8 });
  const track = svg("svg", { class: "upload__bar", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "score__track", x: 0, y: 0, width: 100, height: 8 }), bar);
  const state = el("span", { class: "status" }, icon("clock"), gettext("Waiting"));
  const name = el("span", { class: "grow truncate", dir: "auto", title: file.name }, file.name);
  const element = el("li", { class: "upload__line" }, icon("documents"), name, track, state);
  return {
    element,
    /** @param {number} share */
    progress(share) {
      bar.setAttribute("width", String(Math.round(share * 100)));
      state.replaceChildren(icon("upload"), share < 1 ? gettext("Sending") : gettext("Storing"));
    },
    /** @param {string} mark @param {string} tone @param {string} word @param {string} [href] */
    end(mark, tone, word, href) {
      track.remove();
      state.className = `status status--${tone}`;
      state.replaceChildren(icon(mark), href ? el("a", { href }, word) : word);
    },
  };
}

/** @param {string} url @param {FormData} form @param {(share: number) => void} progress
 * @returns {Promise<{status: number, body: any}>} status 0 when the server was not reached */
function send(url, form, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("X-CSRFToken", csrf());
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Idempotency-Key", crypto.randomUUID?.() ?? String(Math.random()));
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => lengthComputable && progress(loaded / total);
    request.onloadend = () => resolve({ status: request.status, body: request.response ?? {} });
    request.send(form);
  });
}

class Upload {
  /** @param {HTMLElement} root a form with the file input and, if wanted, schema and batch */
  constructor(root) {
    this.root = root;
    this.input = one("[data-testid=upload]", root);
    this.list = one("[data-upload-list]");
    /** @type {{file: File, shown: ReturnType<typeof line>}[]} */
    this.queue = [];
    this.running = 0;
    this.sent = 0;
    this.refused = 0;
    for (const { name, why } of rejected()) this.reject(line({ name }), name, why);
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = "";
    });
    this.dropping();
  }

  dropping() {
    const veil = one("[data-drop-veil]");
    let depth = 0;
    const files = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
    const show = (/** @type {number} */ step) => {
      depth = Math.max(0, depth + step);
      veil.hidden = depth === 0;
    };
    addEventListener("dragenter", (event) => files(event) && show(1));
    addEventListener("dragleave", (event) => files(event) && show(-1));
    addEventListener("dragover", (event) => files(event) && event.preventDefault());
    addEventListener("drop", (event) => {
      if (!files(event)) return;
      event.preventDefault();
      depth = 0;
      veil.hidden = true;
      this.add([...(event.dataTransfer?.files ?? [])]);
    });
    addEventListener("beforeunload", (event) => this.running > 0 && event.preventDefault());
  }

  /** @param {File[]} files */
  add(files) {
    for (const file of files) {
      const shown = line(file);
      this.list.prepend(shown.element);
      this.queue.push({ file, shown });
    }
    one("[data-upload-card]").hidden = false;
    while (this.running < AT_ONCE && this.queue.length > 0) void this.work();
  }

  async work() {
    this.running += 1;
    for (let next = this.queue.shift(); next; next = this.queue.shift()) await this.one(next.file, next.shown);
    this.running -= 1;
    if (this.running === 0) {
      const { sent, refused } = this;
      const received = fill(ngettext("%(n)s file received.", "%(n)s files received.", sent), { n: sent });
      const not = fill(ngettext("%(n)s file was not accepted.", "%(n)s files were not accepted.", refused), { n: refused });
      toast(refused > 0 ? `${received} ${not}` : received);
      this.sent = 0;
      this.refused = 0;
    }
  }

  /** Show a file that was not accepted, above the others, until it is dismissed.
   * @param {ReturnType<typeof line>} shown @param {string} name @param {string} why */
  reject(shown, name, why) {
    shown.end("cross-circle", "bad", why);
    const dismiss = el("button", { class: "button button--quiet button--icon", type: "button", "aria-label": gettext("Dismiss") }, icon("cross"));
    dismiss.addEventListener("click", () => {
      keepRejected(rejected().filter((file) => file.name !== name));
      shown.element.remove();
      one("[data-upload-card]").hidden = this.list.children.length === 0;
    });
    shown.element.dataset.rejected = "true";
    shown.element.append(dismiss);
    this.list.prepend(shown.element);
    one("[data-upload-card]").hidden = false;
  }

  /** @param {ReturnType<typeof line>} shown @param {string} name @param {string} why */
  refuse(shown, name, why) {
    this.refused += 1;
    keepRejected([...rejected().filter((file) => file.name !== name), { name, why }]);
    this.reject(shown, name, why);
  }

  /** @param {File} file @param {ReturnType<typeof line>} shown */
  async one(file, shown) {
    const most = Number(this.root.dataset.mostBytes ?? 0);
    if (most && file.size > most) return this.refuse(shown, file.name, gettext("Too large"));
    const form = new FormData(/** @type {HTMLFormElement} */ (this.root));
    form.delete(this.input.name);
    for (const [name, value] of [...form]) if (value === "" || name === "csrfmiddlewaretoken") form.delete(name);
    form.append("file", file, file.name);
    const { status, body } = await send(this.root.dataset.url ?? "", form, shown.progress);
    this.end(shown, file.name, status, body);
  }

  /** @param {ReturnType<typeof line>} shown @param {string} name @param {number} status @param {any} body */
  end(shown, name, status, body) {
    const page = body.id ? (this.root.dataset.record ?? "").replace("{id}", body.duplicate_of ?? body.id) : undefined;
    if (status === 202 || status === 200) {
      this.sent += 1;
      keepRejected(rejected().filter((file) => file.name !== name));
      if (body.duplicate_of) shown.end("info", "info", gettext("Already here"), page);
      else shown.end("check", "good", gettext("Received"), page);
      this.list.dispatchEvent(new CustomEvent("live", { bubbles: true }));
      return;
    }
    const reasons = /** @type {Record<number, string>} */ ({
      0: gettext("Not sent: the server cannot be reached"),
      401: gettext("Not sent: sign in again"),
      413: gettext("Too large"),
      429: gettext("Too many at once: try again in a moment"),
    });
    this.refuse(shown, name, reasons[status] ?? body.detail ?? body.title ?? gettext("Not accepted"));
  }
}

/** Set up the upload form if the page has one. */
export function startUpload() {
  const root = one("[data-upload]");
  if (root) Object.assign(root, { upload: new Upload(root) });
}
