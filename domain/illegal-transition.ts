/** Thrown when Stripe's answer contradicts what is known: a bug or another hand on the payment; a human must look. */
export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition';
}
