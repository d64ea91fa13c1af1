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
  /** For the next signal: no command has it yet. */
  readonly requestId: string;
}

/** Temporal UI 2.42 clips the panel at about so many. */
const LINES_MAX = 6;
/** Characters that the panel shows on one line, in a window of 1,400 pixels. */
const LINE_MAX = 75;
/** In Markdown, a line break inside a paragraph. */
const LINE_BREAK = '\\\n';
/** The last line is what the panel cuts off first: it is as high as the text without its margins. */
const EMPTY_LINE = '\u00a0';

interface Line {
  readonly text: string;
  /** Gives way where there are too many. */
  readonly isExtra?: true;
}

/**
 * A workflow's current details in Temporal's UI, as Markdown: what to do, why, where it stands. The panel is made as high as the
 * text is before its lines wrap, and cuts off the rest: so lines are few and short, and the action comes first.
 */
export function currentDetails(situation: Situation): string {
  const { lines, pending, attention, refusal, notices, requestId } = situation;
  const all: readonly Line[] = [
    ...(attention
      ? ofAttention(attention, requestId)
      : notices.slice(0, 1).flatMap((notice) => ofNotice(notice, requestId))),
    ...(refusal ? ofRefusal(refusal) : []),
    ...lines.map((text) => ({ text })),
    ...(pending ? ofPending(pending) : []),
    ...alsoOpen(attention ? notices : notices.slice(1)),
  ];
  let room = LINES_MAX - all.filter(({ isExtra }) => !isExtra).length;
  const shown = all.filter(({ isExtra }) => !isExtra || room-- > 0).slice(0, LINES_MAX);
  return [...shown.map(({ text }) => text), EMPTY_LINE].join(LINE_BREAK);
}

function ofAttention(
  { operation, code, message, stripeRequestId, allowedActions }: Attention,
  requestId: string,
): Line[] {
  const request = stripeRequestId === null ? '' : ` · \`${stripeRequestId}\``;
  return [
    { text: howToResolve(requestId, allowedActions) },
    { text: `**Needs attention: ${operation}** \`${code}\`${request}` },
    ...whyAndWhatElse(code, message, allowedActions),
  ];
}

function ofNotice({ code, subject, message, deadline, allowedActions }: Notice, requestId: string): Line[] {
  const until = deadline === null ? '' : ` · until ${dateOf(deadline).toISOString()}`;
  return [
    { text: howToResolve(requestId, allowedActions, subject) },
    { text: `**${code}**${until}` },
    ...whyAndWhatElse(code, message, allowedActions),
  ];
}

/** A signal has no caller to answer. */
function ofRefusal({ name, actor, detail }: TimelineEntry): Line[] {
  return [{ text: `**${name}** · ${escapeMarkdown(actor)}` }, { text: fromOutside(detail ?? '') }];
}

/** The signal's payload can be sent as it is; its first action is the mildest. */
function howToResolve(requestId: string, [action]: readonly ResolveAction[], subject?: string): string {
  if (action === undefined) return 'Nothing to resolve here: it ends with its cause.';
  const about = subject === undefined ? {} : { stripe_id: subject };
  const payload = { request_id: requestId, actor: 'you', action, ...about, reason: 'why' };
  return `**resolve** \`${JSON.stringify(payload)}\``;
}

function whyAndWhatElse(code: string, message: string, [, ...others]: readonly ResolveAction[]): Line[] {
  const or = others.map((one) => `\`${one}\``).join(', ');
  return [
    { text: fromOutside(message), isExtra: true },
    { text: or === '' ? runbookLink(code) : `${runbookLink(code)} · or ${or}`, isExtra: true },
  ];
}

function ofPending({ operation, since, failure }: PendingOperation): Line[] {
  const begun = `**Pending: ${operation}** since ${dateOf(since).toISOString()}`;
  if (!failure) return [{ text: begun }];
  return [
    { text: `${begun} · \`${failure.code}\`` },
    { text: fromOutside(failure.message), isExtra: true },
    { text: 'Attempts: *Pending Activities*', isExtra: true },
  ];
}

function alsoOpen(notices: readonly Notice[]): Line[] {
  if (notices.length === 0) return [];
  return [{ text: `Also: ${notices.map(({ code }) => `\`${code}\``).join(', ')}`, isExtra: true }];
}

/** A text that is not ours, on one line. */
function fromOutside(text: string): string {
  return escapeMarkdown(text.length > LINE_MAX ? `${text.slice(0, LINE_MAX - 1)}…` : text);
}
