// What was searched for, in this browser only: shown while an empty box has the focus, and carried from
// an article to the forms behind "Need more help?". Another person at the same browser, or signing in
// or out, forgets all of it.
const RECENT = "searches";
const CARRIED = "searched-for";
const MOST = 6;
const HOUR = 3_600_000;
// A mark of the person, empty for a visitor.
const whose = document.body.dataset.signedIn ?? "";
const template = document.querySelector("template[data-recent]");

function read(name) {
    try {
        const kept = JSON.parse(localStorage.getItem(name));
        if (kept?.whose === whose) return kept;
        localStorage.removeItem(name);
    } catch {
        // No store, or not ours: then nothing is remembered.
    }
    return null;
}

function keep(name, value) {
    try {
        localStorage.setItem(name, JSON.stringify({ whose, ...value }));
    } catch {
        // As above.
    }
}

function recent() {
    const words = read(RECENT)?.words;
    return Array.isArray(words) ? words.filter((one) => typeof one === "string") : [];
}

function remember(words) {
    const text = words.trim().slice(0, 256);
    if (text.length > 1) keep(RECENT, { words: [text, ...recent().filter((one) => one !== text)].slice(0, MOST) });
}

// The address without a language in front and a slash behind: redirects change both.
function place(path) {
    return path.replace(/^\/[a-z]{2}(-[a-z]+)?(?=\/)/, "").replace(/\/$/, "");
}

document.addEventListener("submit", (event) => {
    const field = event.target.querySelector?.("input[type=search][name=q]");
    if (field) remember(field.value);
});

document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".row--result a, [role=option]");
    if (!link) return;
    const field = link.closest("search-suggest")?.querySelector("input") ?? document.getElementById("results-q");
    const words = (link.dataset.words ?? field?.value ?? "").trim();
    if (!words) return;
    remember(words);
    keep(CARRIED, { words: words.slice(0, 256), place: place(link.pathname), at: Date.now() });
});

document.addEventListener("suggest-empty", (event) => {
    const box = event.target;
    const words = recent();
    if (!template || !words.length) return;
    const shown = template.content.cloneNode(true);
    const sample = shown.querySelector("[role=option]");
    for (const text of words) {
        const option = sample.cloneNode(true);
        const url = new URL(option.href, location.href);
        url.searchParams.set("q", text);
        option.href = url;
        option.dataset.words = text;
        option.querySelector("bdi").textContent = text;
        sample.before(option);
    }
    sample.remove();
    shown.querySelector("button").addEventListener("click", () => {
        localStorage.removeItem(RECENT);
        localStorage.removeItem(CARRIED);
        box.field.focus();
        box.fill("");
    });
    box.list.replaceChildren(shown);
});

// <a data-carry="title">: takes the words along, if it was by them that this page was found.
function carry() {
    const carried = read(CARRIED);
    if (!carried || carried.place !== place(location.pathname) || Date.now() - carried.at > HOUR) return;
    for (const link of document.querySelectorAll("a[data-carry]")) {
        const url = new URL(link.href);
        url.searchParams.set(link.dataset.carry, carried.words);
        link.href = url;
    }
}

recent();
carry();
document.addEventListener("htmx:after:swap", carry);
