import type { Notice } from '../../domain/attention/notice.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import type { Resolve } from '../../domain/commands/resolve-command.ts';
import { seenUntil } from '../../domain/commands/resolve-command.ts';
import { problem } from '../../domain/errors.ts';
import { noticesFor, openNotices } from '../../domain/orders/notices.ts';
import { givenUp, recoveryOf } from '../../domain/orders/recovery.ts';
import { reauthorize } from './capture-window.ts';
import type { OrderRecord } from './order-record.ts';
import { recover } from './recovery.ts';

/** Carries out an operator's decision about the order's notices. */
export async function resolveNotices(record: OrderRecord, command: CommandEnvelope & Resolve): Promise<void> {
  const subject = command.stripe_id ?? null;
  const until = seenUntil(command);
  const notices = noticesFor(record.order, command.action, subject, until);
  record.note({ type: 'attention', name: command.action, cause: command, detail: command.reason });
  if (command.action === 'acknowledge') {
    const acknowledged = { action: command.action, subject, until, by: command.actor };
    record.apply({ type: 'notices_acknowledged', ...acknowledged }, command);
  }
  for (const notice of notices) {
    // Of several, one may get stuck: the others wait for its end.
    if (command.action === 'retry' && !record.blocked) await retry(record, notice);
    if (command.action === 'abandon') abandon(record, notice, command);
  }
  const left = openNotices(record.order.notices).find(({ code, subject }) =>
    notices.some((before) => before.code === code && before.subject === subject),
  );
  if (left) record.endCommand(command, 'needs_attention', problem('needs_attention', left.message));
  else record.endCommand(command, 'done');
}

async function retry(record: OrderRecord, { code, subject }: Notice): Promise<void> {
  if (code === 'reauthorization_failed' || code === 'capture_expiring') await reauthorize(record);
  else await recover(record, subject);
}

function abandon(record: OrderRecord, { subject }: Notice, cause: CommandEnvelope): void {
  const recovery = givenUp(recoveryOf(record.order, subject));
  record.apply({ type: 'recovery_changed', recovery }, cause);
}
