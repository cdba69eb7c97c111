// Code gets a Copy button; [data-copy=selector or text] copies something else.
const words = document.body.dataset;

async function copy(button, text) {
    const before = [...button.childNodes];
    try {
        await navigator.clipboard.writeText(text);
        button.textContent = words.wordCopied;
        setTimeout(() => button.replaceChildren(...before), 2000);
    } catch {
        button.remove();
    }
}

function add(root) {
    for (const code of root.querySelectorAll(".prose pre:not(.code-frame > pre)")) {
        const frame = document.createElement("div");
        frame.className = "code-frame";
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn";
        button.textContent = words.wordCopy;
        button.addEventListener("click", () => copy(button, code.textContent.trimEnd()));
        code.tabIndex = 0;
        code.replaceWith(frame);
        frame.append(code, button);
    }
}

if (navigator.clipboard) {
    add(document);
    document.addEventListener("htmx:after:swap", () => add(document));
    document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-copy]");
        if (!button) return;
        event.preventDefault();
        copy(button, button.dataset.copy || location.href);
    });
}
