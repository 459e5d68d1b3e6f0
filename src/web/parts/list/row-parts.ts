/** What rows look like beyond their words; loaded beside the list, which does not wait for it. */
export { deviceKind } from '../../format/device-kind.ts';
export { machineText } from '../../format/machine-text.ts';
export { DeviceIcon } from '../device-icon.tsx';
export { HourStrip } from './hour-strip.tsx';
export { PastRow } from './past-row.tsx';
