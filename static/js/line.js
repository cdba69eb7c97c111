// On a phone the line and the settings scroll sideways: where one is, is brought into view.
for (const line of document.querySelectorAll("[data-line]")) {
    const here = line.querySelector("[aria-current]");
    if (here && line.scrollWidth > line.clientWidth) {
        const middle = here.getBoundingClientRect().left + here.offsetWidth / 2;
        line.scrollLeft += middle - line.getBoundingClientRect().left - line.clientWidth / 2;
    }
}
