import { html, signal } from '../lib/html.mjs';

const SHOWN_MS = 8_000;
const notes = signal([]);

/** Says what came of something, for a moment. `isBad`: it stays until somebody closes it. */
export function note(text, isBad = false) {
  const one = { text, isBad };
  notes.value = [...notes.value, one];
  if (!isBad) setTimeout(() => drop(one), SHOWN_MS);
}

function drop(one) {
  notes.value = notes.value.filter((other) => other !== one);
}

export function Notes() {
  return html`<div class="notes" role="status" aria-live="polite">
    ${notes.value.map(
      (one) => html`<p class=${one.isBad ? 'bad' : ''}>
        ${one.text} <button type="button" class="quiet" onClick=${() => drop(one)}>Close</button>
      </p>`,
    )}
  </div>`;
}
