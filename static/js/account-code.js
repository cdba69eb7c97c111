// A six-digit code: only digits stay, also of a pasted "123 456"; the sixth one sends the form once.
for (const input of document.querySelectorAll("[data-code]")) {
	const form = input.closest("[data-code-form]");
	let sent = false;
	input.addEventListener("input", () => {
		const digits = input.value.replace(/\D/g, "");
		if (digits.length <= 6 && digits !== input.value) input.value = digits;
		if (form && !sent && digits.length === 6) {
			sent = true;
			form.requestSubmit();
		}
	});
	window.addEventListener("pageshow", (event) => {
		if (event.persisted) sent = false;
	});
}
