// Votes, "me too" and follow: changed at once, confirmed by what the server answers.
const FORMS = "form[data-vote]";

function flip(form) {
    const before = form.cloneNode(true);
    const button = form.querySelector("button");
    const count = form.querySelector("[data-count]");
    const on = form.elements.state.value === "on";
    button.classList.toggle("is-on", on);
    button.setAttribute("aria-pressed", on);
    form.elements.state.value = on ? "off" : "on";
    if (count) {
        const number = Number(count.dataset.count) + (on ? 1 : -1);
        count.dataset.count = number;
        if (number < 10000) count.textContent = number.toLocaleString(document.documentElement.lang);
    }
    return before;
}

function put(form, other) {
    const focused = form.contains(document.activeElement);
    // The same vote stands twice on a phone, in fewer words.
    const words = form.querySelector("[data-label]")?.textContent;
    form.replaceChildren(...[...other.childNodes].map((node) => node.cloneNode(true)));
    const label = form.querySelector("[data-label]");
    if (label && words) label.textContent = words;
    if (focused) form.querySelector("button")?.focus();
}

function sameForms(root, form) {
    const action = form.getAttribute("action");
    return [...root.querySelectorAll(FORMS)].filter((one) => one.getAttribute("action") === action);
}

function takeOver(page) {
    for (const fresh of page.querySelectorAll(FORMS)) {
        for (const one of sameForms(document, fresh)) put(one, fresh);
    }
}

function toast(detail) {
    document.dispatchEvent(new CustomEvent("toast", { detail }));
}

// What was refused says why: too often, or closed meanwhile.
class Refused extends Error {}

function tell(page, answer) {
    for (const message of page.querySelectorAll("[data-toast]")) {
        const level = message.classList.contains("toast--error") ? "error" : "success";
        toast({ message: message.querySelector("p").textContent, level });
    }
    try {
        const triggers = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}");
        if (triggers.toast) toast(triggers.toast);
    } catch {
        // A plain event name carries no words.
    }
}

async function send(form, data) {
    const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(data),
        headers: { "HX-Request": "true" },
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = sameForms(page, form)[0];
    tell(page, answer);
    if (!answer.ok) throw new Refused(page.querySelector(".form-message")?.textContent ?? "");
    // "Helped" and "did not help" change together, so all forms of the answer are taken over.
    if (found) takeOver(page);
    else if (answer.redirected && new URL(answer.url).pathname !== location.pathname) {
        location.assign(answer.url);
    }
}

document.addEventListener("submit", async (event) => {
    const form = event.target.closest(FORMS);
    if (!form) return;
    event.preventDefault();
    if (form.classList.contains("is-busy")) return;
    form.classList.add("is-busy");
    const data = new FormData(form);
    const before = flip(form);
    try {
        await send(form, data);
    } catch (problem) {
        const why = problem instanceof Refused ? problem.message : "";
        const message = why || form.querySelector("button")?.dataset.error;
        put(form, before);
        toast({ message, level: "error" });
    } finally {
        form.classList.remove("is-busy");
    }
});
