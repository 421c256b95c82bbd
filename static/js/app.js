// Behaviour shared by all pages of the frame.

import { all } from "./lib/dom.js";
import { exactTime, relative } from "./lib/i18n.js";
import { sayPending, toast } from "./lib/toast.js";
import { gettext } from "./lib/i18n.js";
import { startChoosing } from "./row-selection.js";
import { startLive } from "./live.js";
import { startPalette } from "./palette.js";
import { startUpload } from "./upload.js";
import { signInAgain } from "./viewer/sign-in.js";

/** Times say "in 1 h 12", with the exact time on hover; they are updated while the page is open. */
function renderTimes(root = document.body) {
  for (const time of all("time[data-relative]", root)) {
    const iso = time.getAttribute("datetime");
    time.textContent = relative(iso);
    time.title = exactTime(iso);
  }
}

/** Close open menus on an event outside of them. @param {Event} event */
function closeMenus(event) {
  for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
}

/** A held Enter or space bar acts once: its repetitions press no button, follow no link and send no form.
 * @param {KeyboardEvent} event */
function ignoreRepeatedPress(event) {
  if (!event.repeat || (event.key !== "Enter" && event.key !== " ")) return;
  const target = /** @type {Element} */ (event.target);
  if (event.key === "Enter" && target.matches?.("input")) event.preventDefault();
  if (target.closest?.("button, a, summary, [role=button]")) event.preventDefault();
}

document.addEventListener("keydown", ignoreRepeatedPress, true);
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of all("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});
document.addEventListener("htmx:afterSwap", (event) => renderTimes(/** @type {HTMLElement} */ (event.target)));
document.addEventListener("htmx:responseError", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.xhr.status === 401) void renewSession();
  else toast(gettext("That part of the page could not be fetched. Nothing was changed."));
});
document.addEventListener("signed-out", () => void renewSession());
document.addEventListener("htmx:sendError", () => toast(gettext("The server cannot be reached. What you see may be old.")));
document.addEventListener("change", (event) => {
  const field = /** @type {HTMLElement} */ (event.target);
  if (field.matches?.("[data-submit-on-change]")) field.closest("form")?.requestSubmit();
});

/** The page stays as it is while the user signs in in another tab: nothing that was typed is lost. */
async function renewSession() {
  await signInAgain();
  document.dispatchEvent(new CustomEvent("signed-in"));
}

/** A claim that has lapsed is shown no longer: its part of the page is fetched again. */
function refreshLapsed() {
  const lapsed = all("[data-until]").filter((place) => Date.parse(place.dataset.until) < Date.now());
  for (const part of new Set(lapsed.map((place) => place.closest("[data-live]")))) {
    part?.dispatchEvent(new CustomEvent("live", { bubbles: false }));
  }
}

setInterval(() => renderTimes(), 30000);
setInterval(refreshLapsed, 5000);
renderTimes();
startLive();
startChoosing();
startPalette();
startUpload();
sayPending();
