import { firstNeed } from '../orders/needs.ts';
import type { ShownTransfer } from '../orders/present-transfer.ts';
import { presentTransfer, transferNotices } from '../orders/present-transfer.ts';
import { newsOfNeed } from './need-news.ts';
import type { News, Publisher } from './outgoing-event.ts';

export interface TransferStanding {
  readonly status: ShownTransfer['status'];
  /** Ids of the reversals that are known. */
  readonly reversals: readonly string[];
  readonly need: string | null;
}

export const TRANSFER_EVENTS = {
  kind: 'transfer',
  unborn: { status: 'pending', reversals: [], need: null },
  idOf: ({ input }) => input.id,
  standingOf: (transfer) => ({
    status: transfer.status,
    reversals: transfer.reversals.map(({ id }) => id),
    need: firstNeed(transfer.attention, transferNotices(transfer))?.code ?? null,
  }),
  newsOf: (before, transfer, now) => [
    ...newsOfStatus(before, transfer),
    ...now.reversals
      .filter((id) => !before.reversals.includes(id))
      .toReversed()
      .map((subject) => ({ type: 'transfer.reversed', subject }) as const),
    ...newsOfNeed('transfer', before.need, now.need),
  ],
  present: (transfer) => presentTransfer(transfer, transfer.reversals),
} satisfies Publisher<ShownTransfer, TransferStanding>;

function newsOfStatus(
  before: TransferStanding,
  { status, transfer }: ShownTransfer,
): readonly News<'transfer'>[] {
  if (status === before.status || status === 'pending') return [];
  return status === 'paid'
    ? [{ type: 'transfer.created', subject: transfer?.id ?? null }]
    : [{ type: 'transfer.abandoned', subject: null }];
}
