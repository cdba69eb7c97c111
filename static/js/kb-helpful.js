// After "Yes" or "No" the form stands where the buttons were: the focus goes along.
const box = document.getElementById("helpful");

document.addEventListener("htmx:after:swap", () => {
    const target = box?.querySelector("[data-focus]");
    target?.focus();
});
