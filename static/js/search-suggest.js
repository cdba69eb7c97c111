// <search-suggest data-url>: a combobox over the server's listbox. Without it the form just searches.
let lists = 0;

customElements.define(
    "search-suggest",
    class extends HTMLElement {
        connectedCallback() {
            this.field = this.querySelector("input[type=search]");
            if (!this.field || !this.dataset.url) return;
            this.list = document.createElement("div");
            this.list.className = "listbox";
            this.list.id = `suggest-${++lists}`;
            this.list.hidden = true;
            this.index = -1;
            this.append(this.list);
            const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
            for (const [name, value] of Object.entries(attributes)) this.field.setAttribute(name, value);
            this.field.addEventListener("input", () => this.later());
            this.field.addEventListener("focus", () => this.options().length && this.show(true));
            this.addEventListener("keydown", (event) => this.key(event));
            this.addEventListener("focusout", (event) => {
                if (!this.contains(event.relatedTarget)) this.show(false);
            });
            this.list.addEventListener("pointerdown", (event) => event.preventDefault());
        }

        later() {
            clearTimeout(this.timer);
            this.timer = setTimeout(() => this.load(), 150);
        }

        async load() {
            this.request?.abort();
            const words = this.field.value.trim();
            if (words.length < 2) return this.show(false);
            this.request = new AbortController();
            const url = new URL(this.dataset.url, location.href);
            url.searchParams.set("q", words);
            try {
                const answer = await fetch(url, {
                    headers: { "HX-Request": "true" },
                    signal: this.request.signal,
                });
                if (!answer.ok) return this.show(false);
                this.list.innerHTML = await answer.text();
                const box = this.list.querySelector("[role=listbox]");
                if (box) box.id ||= `${this.list.id}-box`;
                this.field.setAttribute("aria-controls", box?.id ?? this.list.id);
                this.options().forEach((option, index) => {
                    option.id ||= `${this.list.id}-${index}`;
                    option.tabIndex = -1;
                });
                this.show(this.list.childElementCount > 0);
            } catch (error) {
                if (error.name !== "AbortError") this.show(false);
            }
        }

        options() {
            return [...this.list.querySelectorAll("[role=option]")];
        }

        show(open) {
            this.list.hidden = !open;
            this.field.setAttribute("aria-expanded", String(open));
            if (!open) this.choose(-1);
        }

        choose(index) {
            const options = this.options();
            this.index = options.length ? (index + options.length) % options.length : -1;
            if (index < 0) this.index = -1;
            options.forEach((one, at) => one.setAttribute("aria-selected", String(at === this.index)));
            const chosen = options[this.index];
            if (chosen) this.field.setAttribute("aria-activedescendant", chosen.id);
            else this.field.removeAttribute("aria-activedescendant");
            chosen?.scrollIntoView({ block: "nearest" });
        }

        key(event) {
            if (event.isComposing || this.list.hidden) return;
            const chosen = this.options()[this.index];
            const last = this.options().length - 1;
            if (event.key === "ArrowDown") this.choose(this.index >= last ? 0 : this.index + 1);
            else if (event.key === "ArrowUp") this.choose(this.index <= 0 ? last : this.index - 1);
            else if (event.key === "Escape") this.show(false);
            else if (event.key === "Enter" && chosen) chosen.click();
            else return;
            event.preventDefault();
        }
    },
);
