import { html, useEffect, useRef } from '../lib/html.mjs';

/** A modal dialog of the browser's own: it keeps the focus, and Esc closes it. */
export function Dialog({ title, close, children }) {
  const dialog = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    // Not on the button that closes it: whoever presses Enter means the command.
    dialog.current.querySelector('form :is(input, select, textarea)')?.focus();
    return () => before instanceof HTMLElement && before.focus();
  }, []);
  return html`<dialog ref=${dialog} aria-labelledby="dialog-title" onCancel=${close} onClose=${close}>
    <article>
      <header>
        <button type="button" class="close" aria-label="Close" rel="prev" onClick=${close}></button>
        <h2 id="dialog-title">${title}</h2>
      </header>
      ${children}
    </article>
  </dialog>`;
}
