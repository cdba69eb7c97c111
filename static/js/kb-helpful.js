// After "Yes" or "No" the form stands where the buttons were, then the answer to it: the focus
// goes along.

// Who came here from a search and was helped says so to the search: the address of the page
// before is all that tells it, nothing is kept (docs/decisions/0004-query-log.md).
function praise(hit) {
    const from = document.referrer && new URL(document.referrer);
    const words = from && from.origin === location.origin && from.searchParams.get("q");
    if (!words || !from.pathname.endsWith("/search/")) return;
    fetch(new URL("seen/", from.origin + from.pathname), {
        method: "POST",
        body: new URLSearchParams({ event: "helpful", q: words, hit }),
        keepalive: true,
        credentials: "omit",
    }).catch(() => {});
}

document.addEventListener("htmx:after:swap", () => {
    const target = document.querySelector("#helpful-form [data-focus], #helpful-form[data-focus]");
    target?.focus();
    if (target?.dataset.helped) praise(target.dataset.helped);
});
