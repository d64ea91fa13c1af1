import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { brokenChargeStep } from '../../domain/money/amount-steps.ts';
import { currencyRules } from '../../domain/money/currencies.ts';
import { formatMoney } from '../../domain/money/money.ts';
import type { CreateOrderBody } from './create-order-schema.ts';

/** The payment rules that a request alone can break, whatever the order's state. They are Stripe's own, checked before it is asked. */
export function brokenRuleOfOrder(body: CreateOrderBody): Problem | null {
  const fee = body.application_fee_amount || undefined;
  const transfer = body.transfer_amount;
  const minimum = currencyRules(body.currency)?.minimumAmount ?? 1;
  if (body.amount < minimum) {
    const least = formatMoney({ amount: minimum, currency: body.currency });
    return problem('money_rule', `amount is below Stripe's minimum charge of ${least}.`, {
      param: 'amount',
    });
  }
  const uneven = brokenChargeStep(body.amount, body.currency);
  if (uneven) return uneven;
  if (fee !== undefined && transfer !== undefined) {
    return problem('money_rule', 'Give application_fee_amount or transfer_amount, not both.', {
      param: 'application_fee_amount',
    });
  }
  if (fee !== undefined && fee > body.amount) return aboveAmount('application_fee_amount');
  if (transfer !== undefined && transfer > body.amount) return aboveAmount('transfer_amount');
  return null;
}

function aboveAmount(param: string): Problem {
  return problem('money_rule', `${param} must not exceed the order's amount.`, { param });
}
