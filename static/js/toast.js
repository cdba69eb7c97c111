// Toasts: one at a time, six seconds, waiting while hovered or focused. Errors stay.
const frame = document.querySelector("[data-toasts]");
const waiting = frame ? [...frame.querySelectorAll("[data-toast]")] : [];
let current = null;

function next() {
    current = waiting.shift() ?? null;
    if (!current) return;
    const toast = current;
    frame.append(toast);
    toast.append(closeButton(toast));
    if (!toast.classList.contains("toast--error")) countDown(toast);
}

function closeButton(toast) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "toast__action toast__close";
    button.textContent = "×";
    button.ariaLabel = frame.dataset.close;
    button.addEventListener("click", () => leave(toast));
    return button;
}

function countDown(toast) {
    let timer;
    const start = () => {
        clearTimeout(timer);
        timer = setTimeout(() => leave(toast), 6000);
    };
    const stop = () => clearTimeout(timer);
    for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
    for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
    start();
}

function leave(toast) {
    toast.classList.add("is-leaving");
    setTimeout(() => {
        toast.remove();
        if (toast === current) next();
    }, 120);
}

function undoForm(url) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = url;
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.cloneNode();
    const button = document.createElement("button");
    button.className = "toast__action";
    button.textContent = frame.dataset.undo;
    form.append(...[token, button].filter(Boolean));
    return form;
}

// Anybody may say: document.dispatchEvent(new CustomEvent("toast", {detail: {message, undo, level}})).
document.addEventListener("toast", ({ detail }) => {
    if (!frame || !detail?.message) return;
    const toast = document.createElement("div");
    toast.className = `toast toast--${detail.level ?? "success"}`;
    const text = document.createElement("p");
    text.textContent = detail.message;
    toast.append(text);
    if (detail.undo) toast.append(undoForm(detail.undo));
    waiting.push(toast);
    if (current) leave(current);
    else next();
});

if (frame) {
    for (const toast of waiting) toast.remove();
    next();
}
