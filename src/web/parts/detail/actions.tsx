import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Instance } from '../../../client/index.ts';
import { rowName } from '../../../viewer/index.ts';
import { annotationsOf } from '../../format/names.ts';
import { createOperations, type Outcome } from '../../state/operations.ts';
import { useAllWords, useBoard, usePage } from '../context.tsx';

type Ask = 'disconnect' | 'remove' | 'edit';

/** The operations on an instance that the gateway offers and the token allows. */
export function Actions({ instance }: { readonly instance: Instance }): VNode | null {
  const { announcer } = usePage();
  const { client, past } = useBoard();
  const operations = createOperations(client);
  const { t } = useAllWords();
  const [ask, setAsk] = useState<Ask>();
  const [problem, setProblem] = useState<string>();
  const mayAnnotate = operations.may('presence.annotate');
  const mayDisconnect =
    operations.may('presence.disconnect') && (instance.connections ?? 0) > 0 && !instance.self;
  const mayRemove = operations.may('presence.remove') && !instance.self;
  if (past.value !== undefined || !(mayAnnotate || mayDisconnect || mayRemove)) return null;
  const name = rowName(instance) ?? t.unnamed;
  const { pin = false, mute = false, expected = false } = annotationsOf(instance);
  const run = async (work: Promise<Outcome>): Promise<void> => {
    const failure = await work;
    setProblem(failure === undefined ? undefined : t.actionFailed(failure));
    setAsk(undefined);
    if (failure === undefined) announcer.announce(t.actionDone);
  };
  const annotate = (change: object): void => void run(operations.annotate(instance.key, change));
  return (
    <div class="operator-actions" role="group" aria-label={t.actions}>
      {mayAnnotate && (
        <>
          <Action label={t.rename} onPress={() => setAsk('edit')} />
          <Action label={pin ? t.unpin : t.pin} onPress={() => annotate({ pin: !pin })} />
          <Action label={mute ? t.unmute : t.mute} onPress={() => annotate({ mute: !mute })} />
          <Action
            label={expected ? t.unexpect : t.expect}
            onPress={() => annotate({ expected: !expected })}
          />
        </>
      )}
      {mayDisconnect && <Action label={t.disconnect} onPress={() => setAsk('disconnect')} isDangerous />}
      {mayRemove && <Action label={t.remove} onPress={() => setAsk('remove')} isDangerous />}
      {(ask === 'disconnect' || ask === 'remove') && (
        <Confirm
          question={ask === 'disconnect' ? t.confirmDisconnect(name) : t.confirmRemove(name)}
          label={t[ask]}
          onConfirm={() =>
            void run(
              ask === 'disconnect' ? operations.disconnect(instance.key) : operations.remove(instance.key),
            )
          }
          onCancel={() => setAsk(undefined)}
        />
      )}
      {ask === 'edit' && (
        <EditForm instance={instance} onSave={annotate} onCancel={() => setAsk(undefined)} />
      )}
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function Action(props: {
  readonly label: string;
  readonly isDangerous?: boolean;
  readonly onPress: () => void;
}): VNode {
  return (
    <button type="button" class={`button small${props.isDangerous ? ' danger' : ''}`} onClick={props.onPress}>
      {props.label}
    </button>
  );
}

function Confirm(props: {
  readonly question: string;
  readonly label: string;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}): VNode {
  const { t } = useAllWords();
  return (
    <div class="confirm" role="alertdialog" aria-label={props.question}>
      <p>{props.question}</p>
      <button
        type="button"
        class="button small danger"
        onClick={props.onConfirm}
        ref={(button) => button?.focus()}
      >
        {props.label}
      </button>
      <button type="button" class="button small" onClick={props.onCancel}>
        {t.cancel}
      </button>
    </div>
  );
}

function EditForm(props: {
  readonly instance: Instance;
  readonly onSave: (change: object) => void;
  readonly onCancel: () => void;
}): VNode {
  const { t } = useAllWords();
  const { name, owner, labels = [], note } = annotationsOf(props.instance);
  const known = { name, owner, labels: labels.join(', '), note };
  const save = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const said = (field: string): string => String(data.get(field) ?? '').trim();
    const list = said('labels')
      .split(/[,\n]/)
      .map((label) => label.trim())
      .filter(Boolean);
    // null removes a value.
    const text = (field: string): string | null => said(field) || null;
    props.onSave({ name: text('name'), owner: text('owner'), labels: list, note: text('note') });
  };
  return (
    <form class="edit-form" onSubmit={save}>
      {(['name', 'owner', 'labels', 'note'] as const).map((field) => (
        <label key={field} class="field">
          <span>{t.operatorFields[field]}</span>
          <input
            name={field}
            type="text"
            defaultValue={known[field] ?? ''}
            autocomplete="off"
            maxLength={field === 'note' ? 1_000 : 200}
          />
          {field === 'labels' && <small class="muted">{t.labelsHint}</small>}
        </label>
      ))}
      <div class="detail-actions">
        <button type="submit" class="button small primary">
          {t.save}
        </button>
        <button type="button" class="button small" onClick={props.onCancel}>
          {t.cancel}
        </button>
      </div>
    </form>
  );
}
