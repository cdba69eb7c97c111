// Keys of the case desk: r reply, n note, a owner, e close. They obey the switch for single keys.
function areOn() {
    try {
        return localStorage.getItem("single-keys") !== "off";
    } catch {
        return true;
    }
}

document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input:not([type=radio]), textarea, select")) return;
    if (document.querySelector("dialog[open]") || !areOn()) return;
    const target = document.querySelector(`[data-desk-key="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    target.click();
    if (target.matches("input")) target.form.querySelector("textarea").focus();
});
