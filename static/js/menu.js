// Menus are <details>: one open at a time, closed by Escape, a click elsewhere or leaving.
const OPEN = "details.menu[open]";

function close(menu, focus) {
    menu.open = false;
    if (focus) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(OPEN)) {
        if (!menu.contains(event.target)) close(menu);
    }
});
document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(OPEN);
    if (event.key === "Escape" && menu) close(menu, true);
});
document.addEventListener("focusout", (event) => {
    const menu = event.target.closest?.(OPEN);
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu);
});
