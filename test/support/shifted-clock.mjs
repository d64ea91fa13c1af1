// Loaded into the processes of a stack: the wall clock of worker and API is off by the milliseconds that the file says, from one moment
// to the next. The sandbox, as Stripe, has the right time.
import { readFileSync } from 'node:fs';

const { CLOCK_FILE = '' } = process.env;

if (/\/(worker|api)\/main\.js$/.test(process.argv[1] ?? '')) {
  const RealDate = Date;
  const now = () => RealDate.now() + Number(readFileSync(CLOCK_FILE, 'utf8'));
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length === 0 ? [now()] : given));
    }

    static now() {
      return now();
    }
  };
}
