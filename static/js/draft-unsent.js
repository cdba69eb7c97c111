// On pages that answer a form with "sign in" or "that did not work": what was just sent has not
// arrived, so the draft of it must come back.
const JUST_NOW = 60_000;
try {
    for (const key of Object.keys(localStorage)) {
        const isMark = key.startsWith("draft:") && key.endsWith(":sent");
        if (isMark && Date.now() - Number(localStorage.getItem(key)) < JUST_NOW)
            localStorage.removeItem(key);
    }
} catch {
    // A browser that keeps nothing has no drafts either.
}
