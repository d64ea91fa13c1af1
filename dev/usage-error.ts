/** What was typed is not what a command takes; the message says what is. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
