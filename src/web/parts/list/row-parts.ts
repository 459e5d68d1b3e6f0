/** Icons and other parts of rows, loaded separately; the list does not wait for them. */
export { deviceKind } from '../../format/device-kind.ts';
export { machineText } from '../../format/machine-text.ts';
export { DeviceIcon } from '../device-icon.tsx';
export { HourStrip } from './hour-strip.tsx';
export { PastRow } from './past-row.tsx';
