// Runs before the first paint, so it is a plain script: a module would come too late.
(() => {
    const root = document.documentElement;
    root.classList.add("has-js");
    try {
        const theme = localStorage.getItem("theme");
        if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    } catch {
        // Storage may be forbidden; the page then follows the system.
    }
})();
