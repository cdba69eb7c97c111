// Behaviour of components/editor.html: pasted tables and links become Markdown, pictures are sent.
const ready = new WeakSet();

function insert(area, text) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
}

async function send(editor, area, file) {
    const status = editor.querySelector("[data-status]");
    const placeholder = `![${editor.dataset.uploading}: ${file.name}]()`;
    status.textContent = editor.dataset.uploading;
    insert(area, placeholder);
    const body = new FormData();
    body.append("file", file);
    const token = area.form.elements.csrfmiddlewaretoken;
    if (token) body.append("csrfmiddlewaretoken", token.value);
    let text = "";
    try {
        const answer = await fetch(editor.dataset.upload, {
            method: "POST",
            body,
            headers: { Accept: "application/json" },
        });
        const found = await answer.json();
        if (!answer.ok) throw new Error(found.message ?? found.error ?? "");
        text = found.markdown ?? `![${found.name ?? file.name}](${found.url})`;
        status.textContent = "";
    } catch (error) {
        status.textContent = error.message || editor.dataset.uploadFailed;
    }
    area.value = area.value.replace(placeholder, text);
    area.dispatchEvent(new Event("input", { bubbles: true }));
}

function pictures(list) {
    return [...(list ?? [])].filter((file) => file.type.startsWith("image/"));
}

function prepare(editor) {
    if (ready.has(editor)) return;
    ready.add(editor);
    const area = editor.querySelector("textarea");
    import(editor.dataset.pasteModule).then(
        (module) => module.subscribe(area),
        () => undefined,
    );
    if (!editor.dataset.upload) return;
    const take = (event, files) => {
        if (!files.length) return;
        event.preventDefault();
        for (const file of files) send(editor, area, file);
    };
    area.addEventListener("paste", (event) => take(event, pictures(event.clipboardData?.files)));
    area.addEventListener("drop", (event) => take(event, pictures(event.dataTransfer?.files)));
    editor.querySelector("[data-upload-input]")?.addEventListener("change", (event) => {
        take(event, pictures(event.target.files));
        event.target.value = "";
    });
}

function prepareAll() {
    for (const editor of document.querySelectorAll("[data-editor]")) prepare(editor);
}

prepareAll();
document.addEventListener("htmx:after:swap", prepareAll);
