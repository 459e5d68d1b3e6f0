import type { Instance } from '../../client/index.ts';
import { modelName } from './model-names.ts';
import { platformName } from './platform-names.ts';

/** Model and system in one line: `MacBook Pro 14″ (M3) · macOS 15.1`. */
export function machineText({ modelIdentifier, platform, deviceFamily }: Instance): string {
  const model = modelIdentifier === undefined ? deviceFamily : modelName(modelIdentifier);
  const system = platform === undefined ? undefined : platformName(platform);
  // A family that is part of the name of the system is left out: Android · Android 15.
  const isModelNamed = model !== undefined && system?.toLowerCase().startsWith(model.toLowerCase());
  return [isModelNamed ? undefined : model, system].filter((part) => part !== undefined).join(' · ');
}
