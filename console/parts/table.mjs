import { html } from '../lib/html.mjs';
import { Problem } from './status.mjs';

/**
 * Rows of a list. A column is `{ head, cell(row), kind }`: `amount` is set to the right, `wide` is left out on a telephone. The first
 * column's cell names the row and links to it.
 */
export function Table({ caption, columns, rows, href, empty, loaded }) {
  const { error, isLoading, data } = loaded ?? {};
  return html`
    <${Problem} error=${error} />
    ${data?.isCut && html`<p><b class="flag">Not all are here:</b> of a long list the newest are read, and older ones may be more urgent.</p>`}
    ${
      rows === undefined
        ? isLoading && html`<p aria-busy="true">Reading …</p>`
        : rows.length === 0
          ? html`<p class="empty">${empty}</p>`
          : html`<div class="scroll" role="region" aria-label=${caption} tabindex="0"><table role="table">
            <caption>${caption}</caption>
            <thead role="rowgroup"><tr role="row">${columns.map(({ head, kind = '' }) => html`<th role="columnheader" scope="col" class=${kind}>${head}</th>`)}</tr></thead>
            <tbody role="rowgroup">${rows.map((row) => html`<tr role="row" key=${row.key ?? row.id}>${columns.map((column, index) => html`<${Cell} column=${column} row=${row} href=${index === 0 ? href?.(row) : undefined} />`)}</tr>`)}</tbody>
          </table></div>`
    }
  `;
}

/** On a telephone rows become blocks, which would take the roles of a table from its parts: they are named, and so is each cell. */
function Cell({ column: { head, cell, kind = '' }, row, href }) {
  const content = cell(row);
  const name = href ? 'name' : kind;
  return html`<td role="cell" class=${name} data-head=${head}>${href ? html`<a href=${href} data-row>${content}</a>` : content}</td>`;
}
