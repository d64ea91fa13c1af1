/** Ends a run, to go on in a new one. An Error, but none of Temporal's failures, as in the SDK. */
export class ContinueAsNew extends Error {
  readonly args: string;

  constructor(args: string) {
    super('continued as new');
    this.args = args;
  }
}
