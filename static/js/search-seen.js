// Tells what was searched for and opened, without cookies and without saying who
// (docs/decisions/0004-query-log.md). Without this script nothing is counted.
function tell(list, values) {
    if (!list.dataset.seen) return;
    fetch(list.dataset.seenUrl, {
        method: "POST",
        body: new URLSearchParams({ token: list.dataset.seen, ...values }),
        keepalive: true,
        credentials: "omit",
    }).catch(() => {});
}

customElements.define(
    "search-seen",
    class extends HTMLElement {
        connectedCallback() {
            if (document.prerendering) {
                document.addEventListener("prerenderingchange", () => tell(this, { event: "search" }), { once: true });
            } else {
                tell(this, { event: "search" });
            }
        }
    },
);

function opened(event) {
    const link = event.target.closest?.("a[data-hit]");
    const list = link?.closest("[data-seen]");
    // The right button opens a menu, not the page.
    if (!list || event.button === 2) return;
    tell(list, { event: list.dataset.seenEvent, hit: link.dataset.hit });
}
document.addEventListener("click", opened);
document.addEventListener("auxclick", opened);
