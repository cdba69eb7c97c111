// On a phone the line scrolls sideways: the current station is brought into view.
const line = document.querySelector("[data-line]");
const here = line?.querySelector("[aria-current]");
if (here && line.scrollWidth > line.clientWidth) {
    const middle = here.getBoundingClientRect().left + here.offsetWidth / 2;
    line.scrollLeft += middle - line.getBoundingClientRect().left - line.clientWidth / 2;
}
