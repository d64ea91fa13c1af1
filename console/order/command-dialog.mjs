import { newKey, send } from '../lib/api.mjs';
import { html, useEffect, useRef, useState } from '../lib/html.mjs';
import { Dialog } from '../parts/dialog.mjs';
import { note } from '../parts/notes.mjs';
import { Problem } from '../parts/status.mjs';
import { Field } from './field.mjs';
import { bodyOf } from './form.mjs';
import { PreviewBox } from './preview-box.mjs';

const PREVIEW_AFTER_MS = 250;
/** @type {{ of?: string, seen?: object, error?: Error }} */
const NO_PREVIEW = {};

/**
 * A command: its fields, what it would do by the API's own preview, and the button that does it. `of`: the path of the object;
 * the command's `hasPreview` is false where the API has none.
 */
export function CommandDialog({ of, command, object, close, done }) {
  const [values, setValues] = useState({});
  const [shown] = useState(object);
  const [preview, setPreview] = useState(NO_PREVIEW);
  const [failure, setFailure] = useState();
  const [isBusy, setBusy] = useState(false);
  // One key as long as the dialog is open: a second click cannot do it twice.
  const key = useRef(newKey());
  const { hasPreview = true } = command;
  const path = `${of}/${command.path}`;
  const { body: given, missing: unfilled } = bodyOf(command.fields, values, object);
  const missing = unfilled ?? command.lacks?.(shown, given) ?? null;
  const body = { ...command.fixed?.(object), ...given, ...command.meant?.(shown, given) };
  const asked = JSON.stringify(body);

  useEffect(() => {
    if (!hasPreview || missing) {
      setPreview(NO_PREVIEW);
      return undefined;
    }
    let isCurrent = true;
    const timer = setTimeout(() => {
      send(`${path}/preview`, body).then(
        (seen) => isCurrent && setPreview({ of: asked, seen }),
        (error) => isCurrent && setPreview({ of: asked, error }),
      );
    }, PREVIEW_AFTER_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [asked, missing]);

  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const answer = await send(path, body, key.current);
      // A notice, such as a dispute's, was there before and is not about this command.
      const isStuck = Boolean(answer.needs_attention?.operation);
      const isHeld = (answer.approvals?.length ?? 0) > (object.approvals?.length ?? 0);
      note(`${command.name}: ${endOf(isHeld, isStuck, answer.pending)}`);
      done();
      close();
    } catch (error) {
      // What was refused is stored under its key: another try is another command. Where nobody knows what came of it, it is the same one.
      if (isRefusal(error)) key.current = newKey();
      setFailure(error);
      setBusy(false);
    }
  };
  // Not by the preview of what was typed before.
  const isReady = hasPreview ? preview.of === asked && Boolean(preview.seen) : !missing;
  return html`<${Dialog} title=${command.name} close=${close}>
    <form onSubmit=${submit}>
      ${command.fields.map(
        (
          field,
        ) => html`<${Field} key=${field.name} field=${field} values=${values} object=${object} shown=${shown}
        change=${(value) => setValues((before) => ({ ...before, [field.name]: value }))} />`,
      )}
      ${hasPreview && html`<${PreviewBox} ...${preview} missing=${missing} />`}
      <${Problem} error=${failure} />
      ${failure && !isRefusal(failure) && html`<p>Whether it was done is not known. Send it again from here: it cannot happen twice.</p>`}
      <button type="submit" disabled=${!isReady || isBusy} aria-busy=${isBusy ? 'true' : undefined}>${command.name}</button>
    </form>
  <//>`;
}

/** Whether the API said no for good. Anything in between, and an outage, leave open what came of the command. */
function isRefusal({ problem }) {
  return problem?.retryable === false;
}

/** What came of a command, in words. `pending`: Stripe has not answered yet; Waybill goes on asking. */
function endOf(isHeld, isStuck, pending) {
  if (isHeld) return "waits for another person's approval";
  if (isStuck) return 'needs attention';
  return pending ? 'on its way, Stripe has not answered yet' : 'done';
}
