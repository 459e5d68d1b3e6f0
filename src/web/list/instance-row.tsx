import type { VNode } from 'preact';
import type { Instance } from '../../client/index.ts';
import { usePage, useWords } from '../app/page-context.tsx';
import { writeViewState } from '../app/view-state.ts';
import { modelName } from '../format/model-name.ts';
import { platformName } from '../format/platform-name.ts';
import { DeviceIcon } from '../icons/device-icon.tsx';
import { deviceKind } from '../icons/device-kind.ts';
import { HostMeters } from './host-meters.tsx';
import { rowName } from './row-name.ts';
import { AgeText, InputText, StatusText } from './ticking.tsx';

/** One instance, as a line of the list. */
export function InstanceRow(props: {
  readonly instance: Instance;
  /** Number of the line, from 0. */
  readonly index: number;
  /** Depth in a grouped list; absent in a plain one. */
  readonly level: 1 | 2 | undefined;
  readonly gone: boolean;
  readonly isOpen: boolean;
  readonly isTabStop: boolean;
}): VNode {
  const { instance, index, gone, level, isOpen, isTabStop } = props;
  const { t } = useWords();
  const classes = ['columns', 'row', gone && 'gone', level === 2 && 'nested', instance.self && 'pinned'];
  return (
    <div
      class={classes.filter(Boolean).join(' ')}
      role="row"
      aria-rowindex={index + 2}
      aria-level={level}
      aria-selected={isOpen}
      tabIndex={isTabStop ? 0 : -1}
      data-key={instance.key}
      style={{ '--index': index }}
    >
      <div class="cell cell-instance" role="gridcell">
        <span class="tile">
          <DeviceIcon kind={deviceKind(instance)} />
        </span>
        <span class="two-lines">
          <NameLine instance={instance} />
          <span class="second">
            {instance.ip && <span class="mono">{instance.ip}</span>}
            {instance.version && <span class="version">{instance.version}</span>}
          </span>
        </span>
      </div>
      <div class="cell cell-status" role="gridcell">
        {gone ? <span class="muted">{t.gone}</span> : <StatusText instance={instance} />}
      </div>
      <div class="cell cell-machine" role="gridcell">
        <span class="two-lines">
          <span class="line">{machineText(instance)}</span>
          {instance.hostStats && <HostMeters stats={instance.hostStats} />}
        </span>
      </div>
      <div class="cell cell-mode" role="gridcell">
        <span class="two-lines">
          <span class="line">{instance.mode}</span>
          <span class="line second">{instance.roles?.join(' ')}</span>
        </span>
      </div>
      <div class="cell cell-input" role="gridcell">
        <InputText instance={instance} />
      </div>
      <div class="cell cell-age" role="gridcell">
        <AgeText instance={instance} />
      </div>
    </div>
  );
}

/** The name leads to the details by an address of its own, which can be copied and opened elsewhere. */
function NameLine({ instance }: { readonly instance: Instance }): VNode {
  const { address, ownInstanceId } = usePage();
  const { t, f } = useWords();
  const { key, connections = 0 } = instance;
  const href = writeViewState({ ...address.view.value, instance: key });
  return (
    <span class="first">
      <a class="name" href={href} tabIndex={-1}>
        {rowName(instance) ?? t.unnamed}
      </a>
      {instance.self && <span class="tag">{t.pinnedGateway}</span>}
      {!instance.self && instance.mode && (
        <span class="tag narrow-only" aria-hidden="true">
          {instance.mode}
        </span>
      )}
      {instance.instanceId === ownInstanceId && <span class="tag">{t.thisPage}</span>}
      {connections > 1 && (
        <span class="tag" title={t.connections(connections, f.count(connections))}>
          {`×${f.count(connections)}`}
          <span class="visually-hidden">{t.connections(connections, f.count(connections))}</span>
        </span>
      )}
    </span>
  );
}

function machineText({ modelIdentifier, platform, deviceFamily }: Instance): string {
  const model = modelIdentifier === undefined ? deviceFamily : modelName(modelIdentifier);
  const system = platform === undefined ? undefined : platformName(platform);
  // A family that the system names already says nothing more: Android · Android 15.
  const isSaid = model !== undefined && system?.toLowerCase().startsWith(model.toLowerCase());
  return [isSaid ? undefined : model, system].filter((part) => part !== undefined).join(' · ');
}
