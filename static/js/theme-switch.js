// <theme-switch><select>: automatic, light or dark, kept in this browser only.
customElements.define(
    "theme-switch",
    class extends HTMLElement {
        connectedCallback() {
            const root = document.documentElement;
            const select = this.querySelector("select");
            select.value = root.dataset.theme;
            select.addEventListener("change", () => {
                root.dataset.theme = select.value;
                try {
                    localStorage.setItem("theme", select.value);
                } catch {
                    // The choice then lasts as long as the page.
                }
            });
        }
    },
);
