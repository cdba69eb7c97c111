// Marks the heading being read in "On this page".
const links = new Map();
for (const link of document.querySelectorAll(".kb-contents a")) {
    const heading = document.getElementById(link.hash.slice(1));
    if (heading) links.set(heading, link);
}

function mark() {
    let current = null;
    for (const heading of links.keys()) {
        if (heading.getBoundingClientRect().top > innerHeight / 4) break;
        current = heading;
    }
    for (const [heading, link] of links) {
        if (heading === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
    }
}

if (links.size) {
    let waiting = false;
    const later = () => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => {
            waiting = false;
            mark();
        });
    };
    addEventListener("scroll", later, { passive: true });
    mark();
}
