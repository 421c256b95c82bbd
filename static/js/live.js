// Live updates: one socket per path, shared by all listeners. Polling replaces a closed socket and backs up an open one.

import { all, icon, one } from "./lib/dom.js";
import { gettext } from "./lib/i18n.js";

const POLL = 15000;
const LOOK = 60000; // poll interval of an open socket, because events may still be lost
const LONGEST = 30000;
const NOT_SIGNED_IN = 4401; // close code of the server

/** @type {Map<string, Line>} */
const lines = new Map();

/** One path: its socket, its listeners, and reconnection. */
class Line {
  /** @param {string} path */
  constructor(path) {
    this.path = path;
    /** @type {Set<(event: any) => void>} */
    this.listeners = new Set();
    this.tries = 0;
    this.every = 0;
    this.state = "polling";
    this.wake = () => !this.open && this.dial();
    addEventListener("online", this.wake);
    this.dial();
  }

  dial() {
    clearTimeout(this.again);
    const address = new URL(this.path, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(address);
    this.socket.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.type === "live.ready") this.ready();
      else this.report(event);
    };
    this.socket.onclose = ({ code }) => {
      if (code === NOT_SIGNED_IN) document.dispatchEvent(new CustomEvent("signed-out"));
      this.broken();
    };
  }

  /** The server accepts a socket before it checks access and limits, so an open one may still be refused. */
  ready() {
    if (this.tries > 0) this.report({ type: "poll" });
    this.tries = 0;
    this.become("live");
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  broken() {
    if (this.closed) return;
    this.tries += 1;
    this.become(navigator.onLine ? "polling" : "offline");
    const delay = Math.min(LONGEST, 500 * 2 ** this.tries) * (0.7 + 0.6 * Math.random());
    this.again = setTimeout(() => this.dial(), delay);
  }

  /** @param {string} state */
  become(state) {
    this.state = state;
    this.ask(state === "live" ? LOOK : POLL);
    showState();
  }

  /** Poll at an interval, except while the page is hidden. @param {number} every milliseconds */
  ask(every) {
    if (every === this.every) return;
    this.every = every;
    clearInterval(this.poll);
    this.poll = setInterval(() => !document.hidden && this.report({ type: "poll" }), every);
  }

  /** @param {any} event */
  report(event) {
    for (const listener of this.listeners) listener(event);
  }

  close() {
    this.closed = true;
    clearTimeout(this.again);
    clearInterval(this.poll);
    removeEventListener("online", this.wake);
    this.socket?.close();
    lines.delete(this.path);
  }
}

/**
 * Subscribe to the events of a path; `{type: "poll"}` means that events may have been missed.
 * @param {string} path @param {(event: any) => void} heard @returns {() => void} stops listening
 */
export function listen(path, heard) {
  const line = lines.get(path) ?? new Line(path);
  lines.set(path, line);
  line.listeners.add(heard);
  return () => {
    line.listeners.delete(heard);
    if (line.listeners.size === 0) line.close();
  };
}

/** Show the worst state of all connections in the frame, as text and icon. */
function showState() {
  const place = one("[data-testid=live-state]");
  if (!place) return;
  const states = [...lines.values()].map((line) => line.state);
  const state = ["offline", "polling", "live"].find((name) => states.includes(name)) ?? "live";
  if (place.dataset.state === state) return;
  const [mark, word] = /** @type {Record<string, [string, string]>} */ ({
    live: ["live", gettext("Live")],
    polling: ["restart", gettext("Checking every 15 s")],
    offline: ["offline", gettext("Offline")],
  })[state];
  place.dataset.state = state;
  place.title = word;
  place.replaceChildren(icon(mark), Object.assign(document.createElement("span"), { className: "live__word", textContent: word }));
}

/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const due = new Map();

/** Refresh the parts of the page that show a path. A part with a request in flight is refreshed
 * afterwards: its response may predate the event, and a request that htmx queues behind it is lost with the
 * replaced element. @param {string} path */
function refresh(path) {
  due.delete(path);
  if (document.hidden) return;
  const parts = all(`[data-live="${path}"]`);
  if (parts.some((part) => part.classList.contains("htmx-request"))) return soon(path);
  for (const part of parts) part.dispatchEvent(new CustomEvent("live", { bubbles: false }));
}

/** @param {string} path */
function soon(path) {
  if (!due.has(path)) due.set(path, setTimeout(() => refresh(path), 500));
}

/** Parts of the page with `data-live="/ws/..."` are fetched again by htmx (trigger `live`) when an event
 * arrives: at most twice a second, and not while the page is hidden. */
export function startLive() {
  const paths = new Set(all("[data-live]").map((part) => part.dataset.live));
  document.addEventListener("signed-in", () => paths.forEach(refresh));
  for (const path of paths) {
    listen(path, () => soon(path));
  }
  document.addEventListener("visibilitychange", () => paths.forEach(refresh));
  addEventListener("offline", showState);
}
