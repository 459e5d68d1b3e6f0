/** Report this computer to a gateway: last input, host stats, and the service that keeps doing so. */
export { type Agent, type AgentMode, type AgentOptions, type AgentTarget, startAgent } from './agent.ts';
export { type Preview, type PreviewOptions, previewReport } from './preview.ts';
export type { AgentLog } from './reporter.ts';
export { type Run, type RunOutcome, systemRun } from './run.ts';
export { renderEnvironmentFile } from './service/environment-file.ts';
export { platformService, type ServiceOwner } from './service/platform-service.ts';
export type { ServiceDefinition, ServiceKind } from './service/service-definition.ts';
export { SettingError } from './service/service-definition.ts';
export {
  type InstallResult,
  ServiceInstaller,
  type ServiceStatus,
  systemServiceFiles,
} from './service/service-installer.ts';
export type { ServiceFile, ServicePlan } from './service/service-plan.ts';
export { IdentityError } from './state.ts';
