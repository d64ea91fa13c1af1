/** A payment method, or a one-off token that becomes one. Never card data. */
export interface PaymentMethodRef {
  readonly type: 'payment_method' | 'token';
  readonly id: string;
}

/** The payment method or token of a body that may name one of them. */
export function methodRef(body: {
  readonly payment_method?: string | undefined;
  readonly token?: string | undefined;
}): PaymentMethodRef | null {
  if (body.payment_method !== undefined) return { type: 'payment_method', id: body.payment_method };
  if (body.token !== undefined) return { type: 'token', id: body.token };
  return null;
}
