// The composer of the desk: newest message in sight, links put in at the cursor, facts folded on phones.
const scroll = document.querySelector("[data-desk-scroll]");
if (scroll && !location.hash) scroll.scrollTop = scroll.scrollHeight;

document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert-url]");
    const field = document.querySelector("#composer textarea");
    if (!button || !field) return;
    const { insertTitle, insertUrl } = button.dataset;
    const text = `[${insertTitle.replace(/[[\]]/g, "")}](${new URL(insertUrl, location.origin).href})`;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
});

const sheet = document.querySelector("[data-desk-sheet]");
const phone = matchMedia("(width < 60rem)");
function fold() {
    if (sheet) sheet.open = !phone.matches;
}
phone.addEventListener("change", fold);
fold();
