// Theme and collapsed rail, stored on this device. Loaded without `defer` as a classic script, so that they
// apply to the first paint.

(() => {
  const root = document.documentElement;
  /** @param {string} name */
  const kept = (name) => {
    try {
      return localStorage.getItem(`refinery.${name}`);
    } catch {
      return null;
    }
  };
  /** @param {string} name @param {string} value */
  const keep = (name, value) => {
    try {
      localStorage.setItem(`refinery.${name}`, value);
    } catch {
      // The page also works in a browser that forbids storage.
    }
  };
  /** @param {string} theme */
  const mark = (theme) => {
    for (const item of document.querySelectorAll("[data-theme-choice]")) {
      item.setAttribute("aria-pressed", String(item.getAttribute("data-theme-choice") === theme));
    }
  };
  /** @param {string} theme */
  const dress = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    mark(theme);
  };

  dress(kept("theme") ?? "system");
  if (kept("rail") === "folded") root.dataset.rail = "folded";

  document.addEventListener("DOMContentLoaded", () => mark(kept("theme") ?? "system"));
  document.addEventListener("click", (event) => {
    const at = /** @type {Element} */ (event.target);
    const theme = at.closest("[data-theme-choice]")?.getAttribute("data-theme-choice");
    if (theme) {
      keep("theme", theme);
      dress(theme);
    }
    if (at.closest("[data-fold-rail]")) {
      const folded = root.dataset.rail === "folded";
      if (folded) delete root.dataset.rail;
      else root.dataset.rail = "folded";
      keep("rail", folded ? "open" : "folded");
    }
  });
})();
