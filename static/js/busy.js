// Sending: under 300 ms nothing is shown, then the button says so and stays as wide. No double sending.
const sending = new Map();

function restore(button) {
    const { html, timer } = sending.get(button);
    clearTimeout(timer);
    button.innerHTML = html;
    button.classList.remove("is-busy");
    button.removeAttribute("aria-busy");
    sending.delete(button);
}

document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-vote], [method=dialog]") || event.defaultPrevented) return;
    const button = event.submitter ?? form.querySelector("button:not([type=button])");
    if (!button) return;
    if (sending.has(button)) {
        event.preventDefault();
        return;
    }
    const timer = setTimeout(() => {
        const word = form.dataset.busy;
        if (!word) return;
        button.style.inlineSize = `${button.offsetWidth}px`;
        button.setAttribute("aria-busy", "true");
        button.textContent = word;
    }, 300);
    sending.set(button, { html: button.innerHTML, timer });
    button.classList.add("is-busy");
});

function restoreAll() {
    for (const button of [...sending.keys()]) restore(button);
}

// Back from the browser's store, a download, or an answer that htmx put in place.
window.addEventListener("pageshow", restoreAll);
document.addEventListener("htmx:after:request", restoreAll);

const header = document.querySelector(".header");
document.addEventListener("htmx:before:request", () => header?.classList.add("is-loading"));
document.addEventListener("htmx:finally:request", () => header?.classList.remove("is-loading"));
