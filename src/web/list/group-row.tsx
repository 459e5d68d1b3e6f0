import type { VNode } from 'preact';
import type { Instance } from '../../client/index.ts';
import { useWords } from '../app/page-context.tsx';
import { DeviceIcon } from '../icons/device-icon.tsx';
import { deviceKind } from '../icons/device-kind.ts';
import { Glyph } from '../icons/glyph.tsx';
import { rowName } from './row-name.ts';

/** A device with several instances, as a line of the list. */
export function GroupRow(props: {
  readonly id: string;
  readonly first: Instance;
  readonly size: number;
  readonly open: boolean;
  readonly index: number;
  readonly isTabStop: boolean;
}): VNode {
  const { id, first, size, open, index, isTabStop } = props;
  const { t, f } = useWords();
  return (
    <div
      class="columns row group-row"
      role="row"
      aria-rowindex={index + 2}
      aria-level={1}
      aria-expanded={open}
      tabIndex={isTabStop ? 0 : -1}
      data-key={id}
      style={{ '--index': index }}
    >
      <div class="cell cell-group" role="gridcell">
        <span class={open ? 'twist open' : 'twist'}>
          <Glyph name="chevron" />
        </span>
        <span class="tile">
          <DeviceIcon kind={deviceKind(first)} />
        </span>
        <span class="two-lines">
          <span class="line name">{rowName(first) ?? t.unnamed}</span>
          <span class="second">{t.deviceGroup(size, f.count(size))}</span>
        </span>
      </div>
    </div>
  );
}
