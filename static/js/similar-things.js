// <similar-things data-url data-title="title">: what is there already, looked up from the title and the
// text together while either is written. Without scripts a button of the form does it.
const TITLE_PAUSE = 350;
const BODY_PAUSE = 1000;
// The beginning tells what it is about; a pasted log need not travel with each pause.
const MOST = 3000;

customElements.define(
    "similar-things",
    class extends HTMLElement {
        connectedCallback() {
            const form = this.closest("form");
            this.fields = form?.elements;
            this.name = this.dataset.title;
            form?.addEventListener("input", (event) => {
                const { name } = event.target;
                if (name !== this.name && name !== "body") return;
                clearTimeout(this.timer);
                this.timer = setTimeout(() => this.look(), name === "body" ? BODY_PAUSE : TITLE_PAUSE);
            });
        }

        async look() {
            const title = this.fields[this.name].value.trim();
            const body = (this.fields.body?.value ?? "").slice(0, MOST);
            const asked = JSON.stringify([title, body]);
            if (asked === this.asked) return;
            this.asked = asked;
            this.request?.abort();
            this.request = new AbortController();
            const words = { body, csrfmiddlewaretoken: this.fields.csrfmiddlewaretoken?.value ?? "" };
            words[this.name] = title;
            try {
                const answer = await fetch(this.dataset.url, {
                    method: "POST",
                    body: new URLSearchParams(words),
                    headers: { "HX-Request": "true" },
                    signal: this.request.signal,
                });
                if (answer.ok) this.innerHTML = await answer.text();
            } catch {
                // Offline, or more was typed: what is there stays.
            }
        }
    },
);
