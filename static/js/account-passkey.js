// Passkeys: forms with data-passkey="sign-in | add | authenticate" carry the credential in a hidden field.
// The options come from a JSON block named by data-options, or, for sign-in, from the form's own address.

const toBytes = (text) => {
	const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
	return Uint8Array.from(plain, (character) => character.charCodeAt(0));
};

const toText = (buffer) =>
	btoa(String.fromCharCode(...new Uint8Array(buffer)))
		.replace(/\+/g, "-")
		.replace(/\//g, "_")
		.replace(/=+$/, "");

const withBytes = (list = []) => list.map((item) => ({ ...item, id: toBytes(item.id) }));

async function options(form) {
	const block = form.dataset.options && document.getElementById(form.dataset.options);
	if (block) return JSON.parse(block.textContent);
	const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
	if (!answer.ok) throw new Error(`No options: ${answer.status}`);
	return answer.json();
}

function asJson(credential) {
	const { response } = credential;
	const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
	const parts = names.filter((name) => response[name]).map((name) => [name, toText(response[name])]);
	return JSON.stringify({
		id: credential.id,
		rawId: toText(credential.rawId),
		type: credential.type,
		authenticatorAttachment: credential.authenticatorAttachment,
		clientExtensionResults: credential.getClientExtensionResults(),
		response: { ...Object.fromEntries(parts), transports: response.getTransports?.() },
	});
}

async function create(form) {
	const { publicKey } = (await options(form)).creation_options;
	const alone = form.elements.passwordless?.checked ?? true;
	return navigator.credentials.create({
		publicKey: {
			...publicKey,
			challenge: toBytes(publicKey.challenge),
			user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
			excludeCredentials: withBytes(publicKey.excludeCredentials),
			authenticatorSelection: {
				...publicKey.authenticatorSelection,
				residentKey: alone ? "required" : "discouraged",
				requireResidentKey: alone,
				...(alone && { userVerification: "required" }),
			},
		},
	});
}

async function get(form) {
	const { publicKey } = (await options(form)).request_options;
	return navigator.credentials.get({
		publicKey: {
			...publicKey,
			challenge: toBytes(publicKey.challenge),
			allowCredentials: withBytes(publicKey.allowCredentials),
		},
	});
}

for (const form of document.querySelectorAll("[data-passkey]")) {
	const trouble = form.querySelector("[data-passkey-trouble]");
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		trouble.hidden = true;
		try {
			const credential = await (form.dataset.passkey === "add" ? create(form) : get(form));
			form.elements.credential.value = asJson(credential);
			form.submit();
		} catch (error) {
			console.warn(error);
			trouble.hidden = false;
		}
	});
}
