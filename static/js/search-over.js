// The search that lies over the page: opened by "/" (shortcuts.js), by the button in the header, and
// on phones by any other search box, whose list would have no room there.
const over = document.getElementById("search-over");
const field = over?.querySelector("input[type=search]");
const narrow = matchMedia("(width < 60rem)");
let from = null;

function open(box) {
    from = box ?? null;
    if (box) field.value = box.value;
    over.showModal();
    field.focus();
    field.select();
    if (field.value.trim()) field.dispatchEvent(new Event("input", { bubbles: true }));
}

if (over?.showModal) {
    // Fetched early at low priority, so that it holds nothing up and opens at once.
    const style = document.querySelector("link[data-search-over]");
    if (style) style.media = "all";
    over.addEventListener("search-over", () => open());
    over.addEventListener("close", () => {
        if (from) from.value = field.value;
    });
    document.addEventListener("click", (event) => {
        if (event.target.closest?.("[data-search-open]")) {
            event.preventDefault();
            open();
        }
        const box = event.target.closest?.("search-suggest input[type=search]");
        if (box && narrow.matches && !over.contains(box)) open(box);
    });
}
