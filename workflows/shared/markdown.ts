/** What Markdown or HTML would take for markup. */
const MARKUP = /[\\`*_{}[\]()<>#+\-!|~&]/g;

/** Set by the worker that loads this bundle (worker/bundle.ts). Only shown: it decides nothing and is in no history. */
const RUNBOOK_URL = (globalThis as { WAYBILL_RUNBOOK_URL?: string | null }).WAYBILL_RUNBOOK_URL ?? null;

/** A text from outside, to be shown in Temporal's UI as it is, on one line. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(MARKUP, '\\$&');
}

/** Where operators read what a code means and what to do. */
export function runbookLink(code: string): string {
  return RUNBOOK_URL === null ? `Runbook: docs/runbook.md#${code}` : `[Runbook](${RUNBOOK_URL}#${code})`;
}
