import { html } from '../lib/html.mjs';
import { stamp } from '../lib/time.mjs';
import { Problem } from './status.mjs';

/** What happened, newest first, each with who did it and what caused it. `loaded`: as it was read. */
export function Timeline({ loaded: { data: list, error } }) {
  if (!list && error?.problem?.code === 'not_found') {
    return html`<p class="dim">Temporal has none: Waybill did not make it, or its time in Temporal is over.</p>`;
  }
  if (!list) return error ? html`<${Problem} error=${error} />` : html`<p aria-busy="true">Reading …</p>`;
  const commands = new Map(
    list.data
      .filter(({ type, cause }) => type === 'command' && cause)
      .map(({ cause, name }) => [cause, name]),
  );
  return html`<p class="dim">Newest first, times in UTC.</p><ol class="timeline">
    ${[...list.data].reverse().map(
      (entry) => html`<li class=${entry.type}>
      <time datetime=${entry.at}>${stamp(entry.at)}</time>
      <span><b>${words(entry.name)}</b> <span class="dim">${words(entry.type)}${entry.type !== 'command' && commands.has(entry.cause) && `, by ${words(commands.get(entry.cause))}`} · ${entry.actor}</span>
        ${entry.detail && html`<br />${entry.detail}`}
        ${(entry.stripe_id || entry.stripe_request_id) && html`<br /><span class="dim">${entry.stripe_id && html`<code>${entry.stripe_id}</code> `}${entry.stripe_request_id && html`<code>${entry.stripe_request_id}</code>`}</span>`}
      </span>
    </li>`,
    )}
    ${list.dropped > 0 && html`<li><time></time><span class="dim">${list.dropped} older entries are gone.</span></li>`}
  </ol>`;
}

function words(name) {
  return name.replaceAll('_', ' ');
}
