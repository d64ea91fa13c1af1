import { ACCOUNTS, type Harness } from '../sandbox/support.ts';

/** 10.00 of a card, by order `o-1`, with everything that may happen to it afterwards. */
export async function eventfulPayment({ stripe }: Harness, card: string) {
  const intent = await stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    payment_method: card,
    confirm: true,
    application_fee_amount: 123,
    transfer_data: { destination: ACCOUNTS.usCustom },
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    metadata: { waybill_order: 'o-1', waybill_operation: 'cmd_1' },
    expand: ['latest_charge'],
  });
  const charge = intent.latest_charge;
  if (charge === null || typeof charge === 'string') throw new Error('no charge');
  return { intent, charge };
}
