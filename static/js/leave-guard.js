// <form data-guard>: leaving with unsaved words asks once.
const dirty = new Set();

document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-guard]")) dirty.add(form);
});
document.addEventListener("submit", (event) => dirty.delete(event.target));
document.addEventListener("htmx:after:swap", () => {
    for (const form of dirty) if (!form.isConnected) dirty.delete(form);
});
window.addEventListener("beforeunload", (event) => {
    if (dirty.size) event.preventDefault();
});
