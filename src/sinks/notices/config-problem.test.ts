import { describe, expect, it } from 'vitest';
import { noticesProblem } from './config-problem.ts';
import { rulesOf } from './notices-config.ts';

const rule = {
  name: 'away',
  when: 'leaves',
  who: 'mode:node',
  for: '2m',
  unless: ['slept', 'gateway-restart'],
};
const ops = {
  name: 'ops',
  type: 'webhook',
  url: 'https://hooks.example/x',
  secretFile: '/run/secret',
  rules: ['*'],
};

describe('noticesProblem', () => {
  it('[PN1] takes rules, one word for a set of them, and every kind of delivery', () => {
    const deliveries = [
      ops,
      { name: 'phone', type: 'webhook', template: 'ntfy', url: 'http://10.0.0.2/topic' },
      { name: 'chat', type: 'webhook', template: 'telegram', urlFile: '/run/url', chatId: '-100' },
      { name: 'home', type: 'mqtt', url: 'mqtt://broker', homeAssistant: true },
      { name: 'beep', type: 'command', command: ['/usr/bin/beep', '-f', '440'] },
    ];
    expect(noticesProblem({ rules: [rule], deliveries })).toBeUndefined();
    expect(
      noticesProblem({ rules: 'default', heartbeat: { url: 'https://hc.example/1', every: '1m' } }),
    ).toBeUndefined();
    expect(rulesOf({ rules: 'default' }).length).toBeGreaterThan(2);
  });

  it.each([
    [{ rules: 'all' }, '/rules'],
    [{ rules: [], delivery: [] }, '/delivery'],
    [{ rules: [{ ...rule, when: 'left' }] }, '/rules/0/when'],
    [{ rules: [{ ...rule, for: '2 minutes' }] }, '/rules/0/for'],
    [{ rules: [{ ...rule, who: 'state:away' }] }, '/rules/0/who'],
    [{ rules: [{ ...rule, unless: ['sleeps'] }] }, '/rules/0/unless/0'],
    [{ rules: [{ ...rule, severity: 'bad' }] }, '/rules/0/severity'],
    [{ rules: [{ ...rule, wen: 1 }] }, '/rules/0/wen'],
    [{ rules: [{ name: 'x', when: 'host-stats' }] }, '/rules/0/above'],
    [{ rules: [{ ...rule, quietHours: { from: '22:00', to: '7:00' } }] }, '/rules/0/quietHours/to'],
    [
      { rules: [{ ...rule, quietHours: { from: '22:00', to: '07:00', timeZone: 'Berlin' } }] },
      '/rules/0/quietHours/timeZone',
    ],
    [{ rules: [rule, rule] }, '/rules/1/name'],
    [{ rules: [rule], deliveries: [{ ...ops, type: 'mail' }] }, '/deliveries/0/type'],
    [{ rules: [rule], deliveries: [{ ...ops, secretFile: undefined }] }, '/deliveries/0/secretFile'],
    [{ rules: [rule], deliveries: [{ ...ops, url: 'ftp://x' }] }, '/deliveries/0/url'],
    [{ rules: [rule], deliveries: [{ ...ops, rules: ['awya'] }] }, '/deliveries/0/rules/0'],
    [{ rules: [rule], deliveries: [{ name: 'c', type: 'command', command: [] }] }, '/deliveries/0/command'],
    [
      { rules: [rule], deliveries: [{ name: 'm', type: 'mqtt', url: 'mqtt://b', topic: 'a/#' }] },
      '/deliveries/0/topic',
    ],
    [{ rules: [rule], heartbeat: { every: '1m' } }, '/heartbeat/url'],
  ])('[PN1] says where %j is wrong', (config, path) => {
    expect(noticesProblem(config)?.path).toBe(path);
  });
});
