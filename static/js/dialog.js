// [data-open=id] opens a <dialog>, [data-close] closes it; the browser gives the focus back.
document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) {
        const dialog = document.getElementById(opener.dataset.open);
        if (!dialog?.showModal) return;
        event.preventDefault();
        dialog.showModal();
        return;
    }
    const closer = event.target.closest("[data-close]");
    if (closer?.closest("dialog")) closer.closest("dialog").close();
    else if (event.target.matches("dialog[open]") && isOutside(event)) event.target.close();
});

// A click on the veil counts as one on the dialog itself, outside its box.
function isOutside(event) {
    const box = event.target.getBoundingClientRect();
    const inside =
        event.clientX >= box.left &&
        event.clientX <= box.right &&
        event.clientY >= box.top &&
        event.clientY <= box.bottom;
    return !inside && event.clientX + event.clientY > 0;
}

document.querySelector("[data-focus]")?.focus();
