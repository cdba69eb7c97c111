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
            this.status = this.closest("[data-editor], form")?.querySelector("[data-status]");
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
            // A note must come back as a note, and never as a reply.
            for (const radio of this.kinds()) radio.addEventListener("change", () => this.keep());
        }

        kinds() {
            const name = this.dataset.kinds;
            return name ? [...this.area.form.querySelectorAll(`[type=radio][name="${name}"]`)] : [];
        }

        async keepOnServer() {
            this.later = null;
            const words = new FormData(this.area.form);
            for (const [name, value] of [...words]) if (value instanceof File) words.delete(name);
            const title = words.get("title") ?? "";
            if (!this.area.value.trim() && !title.trim()) words.set("discard", "1");
            try {
                const answer = await fetch(this.dataset.url, { method: "POST", body: words });
                // 204, or the sign-in page, say: then nothing was kept.
                if (answer.status === 204 && !words.has("discard")) this.sayKept();
            } catch {
                // Offline: the browser still has it.
            }
        }

        sayKept() {
            // 24 hours, as all times on the site.
            this.say(`${this.dataset.kept} ${new Date().toTimeString().slice(0, 5)}`);
        }

        keep() {
            const text = this.area.value;
            const kind = this.kinds().find((radio) => radio.checked)?.value ?? "";
            store((box) => box.setItem(`${this.key}:kind`, kind));
            store((box) => box.setItem(`${this.key}:by`, document.body.dataset.signedIn ?? ""));
            store((box) => (text.trim() ? box.setItem(this.key, text) : box.removeItem(this.key)));
            text.trim() ? this.sayKept() : this.say("");
        }

        restore() {
            const sent = store((box) => box.getItem(`${this.key}:sent`));
            // Back from an error page, or loaded anew after one: it did not arrive.
            const came = performance.getEntriesByType("navigation")[0]?.type;
            store((box) => box.removeItem(`${this.key}:sent`));
            if (sent && came === "navigate") store((box) => box.removeItem(this.key));
            const text = store((box) => box.getItem(this.key));
            if (!text || this.area.value.trim()) return;
            // A visitor's goes along to sign-in; a member's waits for the same member.
            const by = store((box) => box.getItem(`${this.key}:by`));
            if (by && by !== document.body.dataset.signedIn) return;
            const kinds = this.kinds();
            const kind = store((box) => box.getItem(`${this.key}:kind`));
            const radio = kinds.find((one) => one.value === kind);
            if (kinds.length && !radio) return;
            if (radio) radio.checked = true;
            this.area.value = text;
            this.say(this.dataset.restored);
        }

        // A visitor is led to sign in first, and the draft must still be there afterwards; so must
        // that of a member whose session has ended: draft-unsent.js takes the mark off again.
        sent() {
            clearTimeout(this.timer);
            clearTimeout(this.later);
            this.keep();
            if (document.body.dataset.signedIn)
                store((box) => box.setItem(`${this.key}:sent`, Date.now()));
        }

        say(text) {
            if (this.status) this.status.textContent = text;
        }
    },
);
