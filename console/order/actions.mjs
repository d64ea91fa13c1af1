import { html } from '../lib/html.mjs';
import { may } from '../lib/session.mjs';

/** A button for each command that whoever is signed in may give now. What is stuck has its own, beside what it needs. */
export function Actions({ commands, object, choose }) {
  const offered = commands.filter(
    ({ isOffered, role, path }) => path !== 'resolve' && may(role) && isOffered(object),
  );
  if (offered.length === 0) return null;
  return html`<div class="actions">
    ${offered.map((command) => html`<button type="button" class="outline" data-key=${command.key} onClick=${() => choose(command)}>${command.name} <kbd>${command.key}</kbd></button>`)}
  </div>`;
}
