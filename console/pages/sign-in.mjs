import { html, useRef, useState } from '../lib/html.mjs';
import { signIn } from '../lib/session.mjs';
import { Problem } from '../parts/status.mjs';

export function SignInPage() {
  const field = useRef(null);
  const [error, setError] = useState();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await signIn(field.current.value.trim());
    } catch (problem) {
      setError(problem);
      setBusy(false);
      field.current.select();
    }
  };
  return html`<main class="sign-in">
    <h1>Waybill</h1>
    <form onSubmit=${submit}>
      <label for="key">API key</label>
      <input id="key" ref=${field} type="password" name="key" required autocomplete="current-password" autofocus />
      <small>A key of the role <code>read</code> sees everything; <code>ops</code> also acts. The session lasts 12 hours.</small>
      <${Problem} error=${error} />
      <button type="submit" aria-busy=${isBusy ? 'true' : undefined} disabled=${isBusy}>Sign in</button>
    </form>
  </main>`;
}
