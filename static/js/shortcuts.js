// Keys: / search, ? list, g + letter sections, j k rows, Ctrl+Enter sends. Single keys can be switched off.
const SECTIONS = { a: "articles", q: "questions", c: "cases", i: "ideas", u: "updates", s: "status" };
const STORE = "single-keys";
let afterG = 0;

function areOn() {
    try {
        return localStorage.getItem(STORE) !== "off";
    } catch {
        return true;
    }
}

function isTyping(target) {
    return Boolean(target.closest?.("input, textarea, select, [contenteditable=true]"));
}

function moveRow(step) {
    const rows = [...document.querySelectorAll(".row__title, [data-rows] a[href]:not(.vote-box)")];
    const at = rows.indexOf(document.activeElement);
    const next = at < 0 ? rows[step > 0 ? 0 : rows.length - 1] : rows[at + step];
    next?.focus({ focusVisible: true });
}

function openSection(letter) {
    const link = document.querySelector(`.line__stop[data-key="${SECTIONS[letter]}"]`);
    if (link) location.assign(link.href);
    return Boolean(link);
}

// The page's own box, else the search over the page, else the box in the header.
function openSearch() {
    const over = document.getElementById("search-over");
    const fields = [...document.querySelectorAll("[data-hotkey='/']")].filter((one) => one.checkVisibility());
    const own = fields.find((one) => one.closest("main"));
    if (!own && over?.showModal) return over.dispatchEvent(new Event("search-over"));
    const field = own ?? fields[0];
    field?.focus();
    field?.select();
    return Boolean(field);
}

function single(key) {
    if (Date.now() - afterG < 1200 && SECTIONS[key]) {
        afterG = 0;
        return openSection(key);
    }
    if (key === "g") afterG = Date.now();
    else if (key === "j") moveRow(1);
    else if (key === "k") moveRow(-1);
    else if (key === "?") document.getElementById("shortcuts")?.showModal();
    else if (key === "/") {
        return openSearch();
    } else return false;
    return true;
}

document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        const form = event.target.closest?.("textarea")?.form;
        if (form) {
            event.preventDefault();
            const buttons = [...form.querySelectorAll("button:not([type=button])")];
            form.requestSubmit(buttons.find((one) => one.checkVisibility()));
        }
        return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") || !areOn()) return;
    if (single(event.key)) event.preventDefault();
});

const box = document.querySelector("[data-shortcuts-switch]");
if (box) {
    box.checked = areOn();
    box.addEventListener("change", () => {
        try {
            localStorage.setItem(STORE, box.checked ? "on" : "off");
        } catch {
            // Then the choice does not last.
        }
    });
}
