// <search-suggest data-url>: a combobox over the server's listbox. Without it the form just searches.
// While the field is empty, "suggest-empty" asks search-memory.js for what was searched before.
const PAUSE = 150;
let boxes = 0;
let quietUntil = 0;

customElements.define(
    "search-suggest",
    class extends HTMLElement {
        connectedCallback() {
            this.field = this.querySelector("input[type=search]");
            if (!this.field || !this.dataset.url || this.list) return;
            this.list = Object.assign(document.createElement("div"), { className: "listbox", hidden: true });
            this.list.id = `suggest-${++boxes}`;
            this.said = Object.assign(document.createElement("p"), { className: "sr-only" });
            this.said.setAttribute("role", "status");
            this.append(this.list, this.said);
            this.known = new Map();
            this.index = -1;
            const attributes = {
                role: "combobox",
                "aria-autocomplete": "list",
                "aria-expanded": "false",
                "aria-controls": this.list.id,
            };
            for (const [name, value] of Object.entries(attributes)) this.field.setAttribute(name, value);
            this.field.addEventListener("input", () => this.later());
            this.field.addEventListener("focus", () => this.words() || this.load());
            this.field.addEventListener("click", () => this.list.hidden && this.load());
            this.addEventListener("keydown", (event) => this.key(event));
            this.addEventListener("focusout", (event) => {
                // In a dialog the list is all there is.
                const inside = this.closest("dialog") ? this : this.list;
                const to = event.relatedTarget;
                if (to && to !== this.field && !inside.contains(to)) this.show(false);
            });
            document.addEventListener("pointerdown", (event) => {
                if (!this.contains(event.target)) this.show(false);
            });
            // The focus stays in the field, except on the buttons of the list.
            this.list.addEventListener("mousedown", (event) => {
                if (!event.target.closest("button")) event.preventDefault();
            });
        }

        words() {
            return this.field.value.trim();
        }

        later() {
            clearTimeout(this.timer);
            this.request?.abort();
            this.timer = setTimeout(() => this.load(), this.words() ? PAUSE : 0);
        }

        async load() {
            clearTimeout(this.timer);
            this.request?.abort();
            const words = this.words();
            if (!words) return this.fill("");
            if (this.known.has(words)) return this.fill(this.known.get(words));
            if (Date.now() < quietUntil) return this.show(false);
            this.request = new AbortController();
            const url = new URL(this.dataset.url, location.href);
            url.searchParams.set("q", words);
            try {
                const headers = { "HX-Request": "true" };
                const answer = await fetch(url, { headers, signal: this.request.signal });
                if (answer.status === 429) {
                    quietUntil = Date.now() + 1000 * (Number(answer.headers.get("Retry-After")) || 10);
                }
                if (!answer.ok) return this.show(false);
                const html = await answer.text();
                this.known.set(words, html);
                if (words === this.words()) this.fill(html);
            } catch (error) {
                if (error.name !== "AbortError") this.show(false);
            }
        }

        fill(html) {
            this.list.innerHTML = html;
            if (!html) this.dispatchEvent(new CustomEvent("suggest-empty", { bubbles: true }));
            this.choose(-1);
            const box = this.list.querySelector("[role=listbox]");
            if (box) box.id = `${this.list.id}-box`;
            this.options().forEach((option, index) => {
                option.id = `${this.list.id}-${index}`;
                option.tabIndex = -1;
            });
            this.show(Boolean(box) && this.contains(document.activeElement));
            if (!this.list.hidden) this.said.textContent = box.dataset.said ?? "";
        }

        options() {
            return [...this.list.querySelectorAll("[role=option]")];
        }

        show(open) {
            this.list.hidden = !open;
            this.field.setAttribute("aria-expanded", String(open));
            this.field.setAttribute("aria-controls", this.list.querySelector("[role=listbox]")?.id ?? this.list.id);
            if (!open) {
                this.choose(-1);
                this.said.textContent = "";
            }
        }

        choose(index) {
            const options = this.options();
            this.index = index < 0 ? -1 : index % options.length;
            options.forEach((one, at) => one.setAttribute("aria-selected", String(at === this.index)));
            const chosen = options[this.index];
            if (chosen) this.field.setAttribute("aria-activedescendant", chosen.id);
            else this.field.removeAttribute("aria-activedescendant");
            chosen?.scrollIntoView({ block: "nearest" });
        }

        key(event) {
            if (event.isComposing || event.target !== this.field) return this.leave(event);
            const last = this.options().length - 1;
            const chosen = this.options()[this.index];
            const over = this.closest("dialog");
            // The browser would first empty a search field.
            if (event.key === "Escape" && over) over.close();
            else if (this.list.hidden) {
                if (event.key !== "ArrowDown") return;
                this.load();
            } else if (event.key === "ArrowDown") this.choose(this.index >= last ? 0 : this.index + 1);
            else if (event.key === "ArrowUp") this.choose(this.index <= 0 ? last : this.index - 1);
            else if (event.key === "Home" && chosen) this.choose(0);
            else if (event.key === "End" && chosen) this.choose(last);
            else if (event.key === "Escape") this.show(false);
            else if (event.key === "Enter" && chosen) chosen.click();
            else return;
            event.preventDefault();
            event.stopPropagation();
        }

        // Escape on a button of the list goes back to the field.
        leave(event) {
            if (event.key !== "Escape" || this.list.hidden || event.isComposing) return;
            event.preventDefault();
            event.stopPropagation();
            this.field.focus();
            this.show(false);
        }
    },
);
