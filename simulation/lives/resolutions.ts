/** What a person decides about what is stuck. */
export const RESOLUTIONS = ['retry', 'retry_with_new_key', 'abandon', 'acknowledge'] as const;
