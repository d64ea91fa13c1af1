import type { Attention, ResolveAction } from '../../domain/attention/attention.ts';
import type { Notice } from '../../domain/attention/notice.ts';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import type { TimelineEntry } from '../../domain/commands/timeline.ts';
import { escapeMarkdown, runbookLink } from '../shared/markdown.ts';
import { dateOf } from '../shared/time.ts';

/** What an operator reads first of a workflow. */
export interface Situation {
  /** Markdown, one line each: where it stands, and where its money is. */
  readonly lines: readonly string[];
  readonly pending: PendingOperation | null;
  readonly attention: Attention | null;
  /** Of the last command, if it was refused. */
  readonly refusal: TimelineEntry | null;
  /** Open ones. */
  readonly notices: readonly Notice[];
}

/** Characters of a text from outside: two lines. */
const TEXT_MAX = 150;
/** Characters that the panel of Temporal UI 2.42 shows on one line, in a window of 1,400 pixels. */
const LINE_MAX = 75;
/** In Markdown, a line break inside a paragraph. */
const LINE_BREAK = '\\\n';
/** The last line is what the panel cuts off first: it is as high as the text without its margins. */
const EMPTY_LINE = '\u00a0';

/**
 * A workflow's current details in Temporal's UI, as Markdown: what to do, why, where it stands. The panel is made as high as the
 * text is before its lines wrap, and cuts off the rest: so lines are short, the action comes first, and further notices are only named.
 */
export function currentDetails({ lines, pending, attention, refusal, notices }: Situation): string {
  return [
    ...(attention ? ofAttention(attention) : notices.slice(0, 1).flatMap(ofNotice)),
    ...(refusal ? ofRefusal(refusal) : []),
    ...lines,
    ...(pending ? ofPending(pending) : []),
    ...alsoOpen(attention ? notices : notices.slice(1)),
    EMPTY_LINE,
  ].join(LINE_BREAK);
}

function ofAttention({ operation, code, message, stripeRequestId, allowedActions }: Attention): string[] {
  const request = stripeRequestId === null ? '' : ` · \`${stripeRequestId}\``;
  return [
    ...howToResolve(allowedActions),
    `**Needs attention: ${operation}** \`${code}\`${request}`,
    ...fromOutside(message),
    runbookLink(code),
  ];
}

function ofNotice({ code, subject, message, deadline, allowedActions }: Notice): string[] {
  const until = deadline === null ? '' : ` · until ${dateOf(deadline).toISOString()}`;
  return [
    ...howToResolve(allowedActions, subject),
    `**${code}**${until}`,
    ...fromOutside(message),
    runbookLink(code),
  ];
}

/** A signal has no caller to answer. */
function ofRefusal({ name, actor, detail }: TimelineEntry): string[] {
  return [`**${name}** · ${escapeMarkdown(actor)}`, ...fromOutside(detail ?? '')];
}

/** The signal's payload can be sent as it is; its first action is the mildest. */
function howToResolve(actions: readonly ResolveAction[], subject?: string): string[] {
  const [action] = actions;
  if (action === undefined) return ['Nothing to resolve here: it ends with its cause.'];
  const about = subject === undefined ? {} : { stripe_id: subject };
  return [
    `Send the signal **resolve**. Actions: ${actions.map((one) => `\`${one}\``).join(', ')}`,
    `\`${JSON.stringify({ request_id: 'r1', actor: 'you', action, ...about, reason: 'why' })}\``,
  ];
}

function ofPending({ operation, since, failure }: PendingOperation): string[] {
  const begun = `**Pending: ${operation}** since ${dateOf(since).toISOString()}`;
  if (!failure) return [begun];
  return [
    `${begun} · \`${failure.code}\``,
    ...fromOutside(failure.message),
    'Attempts: *Pending Activities*',
  ];
}

function alsoOpen(notices: readonly Notice[]): string[] {
  return notices.length === 0 ? [] : [`Also: ${notices.map(({ code }) => `\`${code}\``).join(', ')}`];
}

/** A text that is not ours, in short lines. */
function fromOutside(text: string): string[] {
  const short = text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
  const lines: string[] = [];
  for (const word of short.split(/\s+/)) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length === 0 || longer.length > LINE_MAX) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map(escapeMarkdown);
}
