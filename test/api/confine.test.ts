import { describe, expect, it } from 'vitest';
import { confine } from '../../api/backend/confine.ts';
import { commandIdOf } from '../../api/http/idempotency.ts';
import type { Order } from '../../domain/orders/order.ts';
import { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import { refusalOf } from '../../domain/orders/refusals.ts';
import { AUTHORIZED, CAPTURED, orderIn, REFUND } from './fixtures.ts';

const ENDPOINT = { method: 'post', path: '/v1/orders/{id}/refunds', role: 'ops' } as const;
const headers = { 'Idempotency-Key': 'k', Prefer: { seconds: 10, asked: false } };
const asked = { actor: 'helpdesk', params: { id: 'order-1' }, query: {}, headers, body: {} };

/** The body that goes on of a refund of all that is left, by a key for at most 5.00 USD. */
function confined(order: Order): Promise<Readonly<Record<string, unknown>>> {
  const deps = { orders: { read: async () => order }, stripeReads: { spend() {} } };
  return confine(deps as never, { refund_max: { usd: 500 } }, ENDPOINT, asked);
}

describe('a refund of all that is left, by a key with a limit', () => {
  it('is of the amount that was compared with the limit', async () => {
    const order = orderIn(CAPTURED, { refunds: [{ ...REFUND, amount: 600 }] });
    expect(await confined(order)).toEqual({ amount: 400 });
  });

  it('moves nothing where nothing was left to compare, and the order is captured or a refund fails meanwhile', async () => {
    const body = await confined(orderIn(AUTHORIZED));
    const { value } = ORDER_COMMANDS.refund.read(body);
    expect(value && refusalOf(orderIn(CAPTURED), value, 0)).toMatchObject({ code: 'money_rule' });
    const refunded = await confined(orderIn(CAPTURED, { refunds: [{ ...REFUND, amount: 1000 }] }));
    expect(refunded).toEqual(body);
  });

  it('goes on as it came once it was made: its repeat asks for the first answer', async () => {
    const operationId = commandIdOf(asked as never, 'order-1');
    const failed = { ...REFUND, amount: 400, operationId, status: 'failed' } as const;
    expect(await confined(orderIn(CAPTURED, { refunds: [failed] }))).toEqual({});
  });
});
