/** A payment method, or a one-off token that becomes one. Never card data. */
export interface PaymentMethodRef {
  readonly type: 'payment_method' | 'token';
  readonly id: string;
}
