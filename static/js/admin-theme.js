// One appearance for all pages: the administration takes over the choice made elsewhere, and passes on its own.
// Loaded without `defer`, so that it runs before the administration's own scripts read their copy.

(() => {
  const OWN = "refinery.theme";
  const ADMIN = "adminTheme"; // JSON, "auto" for the system's
  try {
    const chosen = localStorage.getItem(OWN) ?? "system";
    localStorage.setItem(ADMIN, JSON.stringify(chosen === "system" ? "auto" : chosen));
    const passOn = () => {
      const now = JSON.parse(localStorage.getItem(ADMIN) ?? '"auto"');
      localStorage.setItem(OWN, now === "auto" ? "system" : now);
    };
    document.addEventListener("click", () => setTimeout(passOn));
    addEventListener("pagehide", passOn);
  } catch {
    // The page also works in a browser that forbids storage.
  }
})();
