import type { PageFixture } from './page-fixture.ts';

const deviceA = 'a1'.repeat(32);

/**
 * Fills a fixture with the instances of an office: computers, phones, nodes with their load, a client that disconnected, one that has not
 * sent anything for minutes, and a device with two instances.
 */
export async function fillOffice(fixture: PageFixture): Promise<void> {
  await fixture.beacon({
    instanceId: 'attic-pi',
    host: 'attic-pi',
    mode: 'node',
    platform: 'linux 6.12.25',
    deviceFamily: 'Linux',
    modelIdentifier: 'Raspberry Pi 5',
    ip: '192.168.1.61',
    version: '1.3.2',
    reason: 'periodic',
  });
  fixture.clock.moveOn(150_000);
  const left = await fixture.connect({
    id: 'web',
    mode: 'webchat',
    instanceId: 'kitchen',
    displayName: 'Kitchen tablet',
    platform: 'ipados 18.1',
    deviceFamily: 'iPad',
    version: '2026.9.6',
  });
  left.stop();
  await fixture.beacon({
    instanceId: 'hall',
    host: 'Hall display',
    mode: 'ui',
    platform: 'android 15',
    deviceFamily: 'Android',
    ip: '192.168.1.44',
    version: '1.4.0',
    reason: 'launch',
    lastInputSeconds: 340,
  });
  fixture.clock.moveOn(160_000);
  await fixture.connect(
    {
      id: 'openclaw-macos',
      mode: 'ui',
      instanceId: 'ada-ui',
      displayName: 'Ada’s MacBook Pro',
      platform: 'macos 15.1',
      deviceFamily: 'Mac',
      modelIdentifier: 'Mac15,6',
      version: '2026.9.6',
    },
    { scopes: ['operator.admin'] },
  );
  await fixture.beacon({
    instanceId: 'ada-ui',
    deviceId: deviceA,
    host: 'Ada’s MacBook Pro',
    lastInputSeconds: 3,
    reason: 'periodic',
    ip: '192.168.1.20',
    tags: ['desk'],
  });
  const ada = await fixture.connect(
    {
      id: 'node-host',
      mode: 'node',
      instanceId: 'ada-node',
      displayName: 'Ada’s MacBook Pro',
      platform: 'macos 15.1',
      deviceFamily: 'Mac',
      modelIdentifier: 'Mac15,6',
      version: '2026.9.6',
    },
    { role: 'node', scopes: [] },
  );
  await ada.request('node.event', { event: 'node.host.stats', payload: load(12, 3.1, 0.62, 0.41) });
  await fixture.beacon({
    instanceId: 'ada-node',
    deviceId: deviceA,
    host: 'Ada’s MacBook Pro',
    mode: 'node',
    ip: '192.168.1.20',
  });
  const forge = await fixture.connect(
    {
      id: 'node-host',
      mode: 'node',
      instanceId: 'forge',
      displayName: 'forge',
      platform: 'linux 6.18.4',
      deviceFamily: 'Linux',
      modelIdentifier: 'x64',
      version: '1.4.0',
    },
    { role: 'node', scopes: [] },
  );
  await forge.request('node.event', { event: 'node.host.stats', payload: load(16, 14.9, 0.71, 0.93) });
  await fixture.beacon({ instanceId: 'forge', host: 'forge', ip: '10.0.4.12' });
  await fixture.connect({
    id: 'openclaw-ios',
    mode: 'ui',
    instanceId: 'lin',
    displayName: 'Lin’s iPhone',
    platform: 'ios 18.1',
    deviceFamily: 'iPhone',
    modelIdentifier: 'iPhone17,1',
    version: '2026.9.4',
  });
  await fixture.beacon({
    instanceId: 'lin',
    host: 'Lin’s iPhone',
    ip: '192.168.1.33',
    lastInputSeconds: 48,
    reason: 'launch',
  });
  for (const tab of ['first', 'second']) {
    await fixture.connect({
      id: 'web',
      mode: 'webchat',
      instanceId: 'web-chat',
      displayName: 'Support chat',
      platform: 'web',
      deviceFamily: 'Browser',
      version: '2026.9.6',
      modelIdentifier: tab === 'first' ? 'Firefox 143' : 'Firefox 143',
    });
  }
  await fixture.beacon({
    instanceId: 'mill',
    host: 'mill',
    mode: 'backend',
    platform: 'win32 10.0.22631',
    deviceFamily: 'Windows',
    ip: '10.0.4.31',
    version: '0.9.14',
    reason: 'periodic',
    lastInputSeconds: 75,
  });
  await fixture.connect({
    id: 'probe-7',
    mode: 'test',
    instanceId: 'probe-7',
    displayName: 'probe-7',
    version: '0.1.0',
  });
}

/** A `node.host.stats` payload of a machine with this load and memory in use. */
function load(
  cpuCount: number,
  loadOne: number,
  memoryShare: number,
  diskShare: number,
): Record<string, unknown> {
  const [memoryTotalBytes, diskTotalBytes] = [34_359_738_368, 994_662_584_320];
  return {
    cpuCount,
    loadAverage: [loadOne, loadOne * 0.8, loadOne * 0.7],
    memoryTotalBytes,
    memoryFreeBytes: Math.round(memoryTotalBytes * (1 - memoryShare)),
    diskTotalBytes,
    diskAvailableBytes: Math.round(diskTotalBytes * (1 - diskShare)),
  };
}
