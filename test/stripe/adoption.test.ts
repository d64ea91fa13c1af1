import { expect, it } from 'vitest';
import { PAYMENT_EXPANDS } from '../../domain/commands/stripe-expands.ts';
import { adoptedOf } from '../../stripe/adoption.ts';
import { idOf } from '../../stripe/payment-facts.ts';
import { ACCOUNTS, card, start } from '../sandbox/support.ts';

it('does not take the own transfer of a charge, made while it was read, for a special-case transfer', async () => {
  const { stripe, sandbox } = await start();
  const { id } = await stripe.paymentIntents.create({
    ...card,
    amount: 1000,
    capture_method: 'automatic_async',
    transfer_data: { destination: ACCOUNTS.usCustom, amount: 600 },
  });
  const intent = await stripe.paymentIntents.retrieve(id, { expand: [...PAYMENT_EXPANDS] });
  sandbox.advance(60);
  const charge = await stripe.charges.retrieve(idOf(intent.latest_charge) ?? '');
  expect(charge.transfer).toMatch(/^tr_/);
  const special = await stripe.transfers.create({
    amount: 10,
    currency: 'usd',
    destination: ACCOUNTS.usCustom,
    source_transaction: charge.id,
  });

  const { transfers } = await adoptedOf({ stripe, now: () => Date.now() }, intent);
  expect(transfers.map((transfer) => transfer.id)).toEqual([special.id]);
});
