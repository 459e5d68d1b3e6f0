import { expect, it } from 'vitest';
import { calledAs } from './shell.ts';

it.each([
  ['rollcall', {}],
  ['npx rollcall', { npm_command: 'exec' }],
  [
    'npx -p ./rollcall-0.2.0.tgz rollcall',
    { npm_command: 'exec', npm_config_package: './rollcall-0.2.0.tgz' },
  ],
  ['node dist/bin/main.js', { npm_command: 'start', npm_package_name: 'rollcall' }],
  ['node dist/bin/main.js', { npm_command: 'run-script', npm_package_name: 'rollcall' }],
  ['rollcall', { npm_command: 'run-script', npm_package_name: 'an-application' }],
])('[F5] is called %s with %j', (command, env) => {
  expect(calledAs(env)).toBe(command);
});
