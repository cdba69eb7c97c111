// <draft-keeper draft-key><textarea>: what is typed stays in this browser until it is sent.
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
            this.area.form?.addEventListener("submit", () => this.sent());
        }

        keep() {
            const text = this.area.value;
            store((box) => (text.trim() ? box.setItem(this.key, text) : box.removeItem(this.key)));
            const time = new Date().toLocaleTimeString(document.documentElement.lang, {
                hour: "2-digit",
                minute: "2-digit",
            });
            this.say(text.trim() ? `${this.dataset.kept} ${time}` : "");
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
            if (document.body.dataset.signedIn) store((box) => box.setItem(`${this.key}:sent`, "1"));
            else this.keep();
        }

        say(text) {
            if (this.status) this.status.textContent = text;
        }
    },
);
