// A picture opens large in a dialog; without it the link leads to the large file.
const prose = document.querySelector(".kb-article .prose");
let dialog = null;

function build() {
    dialog = document.createElement("dialog");
    dialog.className = "kb-zoom";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn";
    close.dataset.close = "";
    close.textContent = prose.dataset.wordClose;
    dialog.append(document.createElement("img"), close);
    document.body.append(dialog);
}

prose?.addEventListener("click", (event) => {
    const link = event.target.closest(".picture a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!window.HTMLDialogElement) return;
    event.preventDefault();
    if (!dialog) build();
    const large = dialog.querySelector("img");
    large.src = link.href;
    large.alt = link.querySelector("img").alt;
    dialog.setAttribute("aria-label", large.alt);
    dialog.showModal();
});
