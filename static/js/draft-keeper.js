// <draft-keeper draft-key data-url><textarea>: what is typed stays in this browser until it is sent;
// for members the whole form is kept on the server too, every five seconds while they type.
function store(action) {
    try {
        return action(localStorage);
    } catch {
        return null;
    }
}

customElements.define(
    "draft-keeper",
    class extends HTMLElement {
        connectedCallback() {
            const key = this.getAttribute("draft-key");
            this.area = this.querySelector("textarea");
            if (!key || !this.area) return;
            this.key = `draft:${key}`;
            this.status = this.closest("[data-editor]")?.querySelector("[data-status]");
            this.restore();
            this.area.addEventListener("input", () => {
                clearTimeout(this.timer);
                this.timer = setTimeout(() => this.keep(), 1000);
            });
            if (this.dataset.url && document.body.dataset.signedIn) {
                this.area.form?.addEventListener("input", () => {
                    this.later ??= setTimeout(() => this.keepOnServer(), 5000);
                });
            }
            this.area.form?.addEventListener("submit", () => this.sent());
        }

        async keepOnServer() {
            this.later = null;
            const words = new FormData(this.area.form);
            for (const [name, value] of [...words]) if (value instanceof File) words.delete(name);
            const title = words.get("title") ?? "";
            if (!this.area.value.trim() && !title.trim()) words.set("discard", "1");
            try {
                const answer = await fetch(this.dataset.url, { method: "POST", body: words });
                // Anything else than 204 is the sign-in page, say: then nothing was kept.
                if (answer.status === 204 && !words.has("discard")) this.sayKept();
            } catch {
                // Offline: the browser still has it, and the next five seconds try again.
            }
        }

        sayKept() {
            const time = new Date().toLocaleTimeString(document.documentElement.lang, {
                hour: "2-digit",
                minute: "2-digit",
            });
            this.say(`${this.dataset.kept} ${time}`);
        }

        keep() {
            const text = this.area.value;
            store((box) => (text.trim() ? box.setItem(this.key, text) : box.removeItem(this.key)));
            if (text.trim()) this.sayKept();
            else this.say("");
        }

        restore() {
            const wasSent = store((box) => box.getItem(`${this.key}:sent`));
            if (wasSent) {
                store((box) => box.removeItem(`${this.key}:sent`));
                store((box) => box.removeItem(this.key));
            }
            const text = store((box) => box.getItem(this.key));
            if (!text || this.area.value.trim()) return;
            this.area.value = text;
            this.say(this.dataset.restored);
        }

        // A visitor is led to sign in first, and the draft must still be there afterwards.
        sent() {
            clearTimeout(this.timer);
            clearTimeout(this.later);
            if (document.body.dataset.signedIn) store((box) => box.setItem(`${this.key}:sent`, "1"));
            else this.keep();
        }

        say(text) {
            if (this.status) this.status.textContent = text;
        }
    },
);
