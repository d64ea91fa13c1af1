import type { Theme } from './lives/themes.ts';

/** A copy of Waybill that is broken in one place, as somebody might break it. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** What stands there exactly once. */
  readonly from: string;
  readonly to: string;
  /** Where few lives about everything notice it: what lives are about that do. The hunt looks at those. */
  readonly theme?: Theme;
}
