// Requests to the server: JSON in both directions, and one typed error for all failures.

/** An answer that is not a success. `status` is 0 when the server could not be reached. */
export class Problem extends Error {
  /** @param {number} status @param {any} [body] problem+json, where the server gave one */
  constructor(status, body = {}) {
    super(body?.detail || body?.title || `HTTP ${status}`);
    this.status = status;
    this.body = body ?? {};
  }

  /** Return whether the problem has this code: the last segment of its type. @param {string} code */
  is(code) {
    return String(this.body.type ?? "").endsWith(`:${code}`);
  }

  /** Whether the request can be retried unchanged, because the server made no decision. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

let token = "";

/** The CSRF token of the page; replaced when the user signs in again in another tab. @returns {string} */
export function csrf() {
  token ||= document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
  return token;
}

/** Fetch a fresh CSRF token from a page of the server, after a new sign-in. @param {string} address */
export async function renewCsrf(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  token = page.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? token;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.setAttribute("value", token);
  if (document.body.hasAttribute("hx-headers")) document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

/** @param {Response} answer */
async function body(answer) {
  if (answer.status === 204) return null;
  const type = answer.headers.get("content-type") ?? "";
  return type.includes("json") ? answer.json() : {};
}

/**
 * Send one request; throws Problem if it is rejected or lost. A redirect to the sign-in page counts as 401.
 * @param {string} method @param {string} url @param {any} [data]
 * @param {{keepalive?: boolean, timeout?: number, headers?: Record<string, string>}} [options]
 * @returns {Promise<any>} the JSON answer, or null for 204
 */
export async function request(method, url, data, { keepalive = false, timeout = 20000, headers = {} } = {}) {
  const options = {
    method,
    keepalive,
    credentials: /** @type {RequestCredentials} */ ("same-origin"),
    signal: AbortSignal.timeout(timeout),
    headers: /** @type {Record<string, string>} */ ({ Accept: "application/json", ...headers }),
  };
  if (method !== "GET") options.headers["X-CSRFToken"] = csrf();
  if (data !== undefined) {
    options.headers["Content-Type"] = "application/json";
    /** @type {any} */ (options).body = JSON.stringify(data);
  }
  let answer;
  try {
    answer = await fetch(url, options);
  } catch {
    throw new Problem(0);
  }
  if (answer.redirected && answer.url.includes("/sign-in")) throw new Problem(401);
  const content = await body(answer).catch(() => ({}));
  if (!answer.ok) throw new Problem(answer.status, content);
  return content;
}

/** @param {string} url @returns {Promise<any>} */
export const get = (url) => request("GET", url);

/** @param {string} url @param {any} [data] @param {object} [options] @returns {Promise<any>} */
export const post = (url, data = {}, options = {}) => request("POST", url, data, options);
