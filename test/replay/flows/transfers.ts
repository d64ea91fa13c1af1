import { resolve } from '../../support/order-bench.ts';
import { payTransfer, reversePaid } from '../../support/transfer-bench.ts';
import type { Flows } from './flow.ts';
import { ended } from './flow.ts';

/** Special-case transfers with no order. */
export const TRANSFER_FLOWS: Flows = {
  async 'transfer-paid'(bench, id) {
    return ended(await payTransfer(bench, id));
  },
  async 'transfer-stuck'(bench, id) {
    bench.stripe.of(id).steps.push({ attention: 'balance_unavailable' });
    const transfer = await payTransfer(bench, id);
    await transfer.decide('resolve-1', resolve('abandon'));
    return ended(transfer);
  },
  async 'transfer-reversed'(bench, id) {
    await ended(await payTransfer(bench, id));
    return ended(await reversePaid(bench, id, 'reverse-1'));
  },
  async 'transfer-reversal-continued'(bench, id) {
    await ended(await payTransfer(bench, id));
    bench.stripe.of(id).steps.push({ attention: 'balance_insufficient' });
    const transfer = await reversePaid(bench, id, 'reverse-1');
    for (let n = 0; n < 6; n++) await transfer.decide(`resolve-${n}`, resolve('mark_done', 'trr_wrong'));
    await transfer.decide('resolve-last', resolve('abandon'));
    return ended(transfer);
  },
  async 'transfer-continued'(bench, id) {
    bench.stripe.of(id).steps.push({ attention: 'balance_unavailable' });
    const transfer = await payTransfer(bench, id);
    for (let n = 0; n < 6; n++) await transfer.decide(`resolve-${n}`, resolve('mark_done', 'tr_wrong'));
    await transfer.decide('resolve-last', resolve('retry'));
    return ended(transfer);
  },
};
