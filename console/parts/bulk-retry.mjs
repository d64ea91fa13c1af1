import { newKey, send } from '../lib/api.mjs';
import { html, useState } from '../lib/html.mjs';
import { Dialog } from './dialog.mjs';
import { note } from './notes.mjs';

const AT_ONCE = 4;

/** Retries everything that one cause has stopped, with one reason. */
export function BulkRetry({ needs, code, close, done }) {
  const [progress, setProgress] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    const reason = new FormData(event.target).get('reason');
    const waiting = [...needs];
    const failures = [];
    let ended = 0;
    setProgress(0);
    const work = async () => {
      for (let need = waiting.shift(); need; need = waiting.shift()) {
        try {
          const answer = await send(need.resolvePath, { action: 'retry', reason }, newKey());
          const { needs_attention: left } = answer;
          if (left && (left.operation || left.code === code)) failures.push(`${need.id}: ${left.code}`);
        } catch (error) {
          failures.push(`${need.id}: ${error.message}`);
        }
        ended += 1;
        setProgress(ended);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    note(`Retried ${needs.length}, ${failures.length} still stuck.`);
    for (const failure of failures.slice(0, 3)) note(failure, true);
    done();
    close();
  };
  return html`<${Dialog} title=${`Retry all ${needs.length} with ${code}`} close=${close}>
    <p>Each operation is tried again with its own idempotency key: none can happen twice.</p>
    <form onSubmit=${submit}>
      <label for="bulk-reason">Reason, for the timelines</label>
      <input id="bulk-reason" name="reason" required maxlength="500" placeholder="The key was replaced" />
      ${progress !== null && html`<progress max=${needs.length} value=${progress} aria-label="Retried"></progress>`}
      <button type="submit" disabled=${progress !== null}>Retry ${needs.length}</button>
    </form>
  <//>`;
}
