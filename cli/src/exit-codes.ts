/** What a command's exit code says. docs/cli.md explains each. */
export const EXIT = {
  done: 0,
  /** `doctor` found something wrong, or the command itself broke. */
  wrong: 1,
  usage: 2,
  /** The API refused it: nothing was changed. */
  refused: 3,
  /** No answer, or Temporal is out of reach. Repeat it under the same key. */
  unreachable: 4,
  /** It is on its way, and its outcome is not known yet. */
  unknown: 5,
  /** It is stuck: an operator has to resolve it. */
  needsAttention: 6,
  /** Somebody answered no. */
  declined: 7,
} as const;
