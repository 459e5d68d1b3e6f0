import { expect, it } from 'vitest';
import { commandsFor } from './first-commands.ts';

const commands = (url: string): Readonly<Record<string, string>> =>
  Object.fromEntries(commandsFor(url).map(({ name, text }) => [name, text]));

it('[F7] the commands of an empty page can be pasted unchanged, with no token to fill in', () => {
  for (const text of Object.values(commands('ws://127.0.0.1:18789/'))) {
    expect(text).not.toMatch(/…|npx|TOKEN=/);
  }
  expect(commands('ws://127.0.0.1:18789/')).toMatchObject({
    emptyAgent: 'rollcall agent --url ws://127.0.0.1:18789',
    emptyNode: 'openclaw node run --host 127.0.0.1 --port 18789',
  });
  expect(commands('wss://home.example/tools/')['emptyNode']).toContain(
    '--host home.example --port 443 --tls',
  );
});

it('[F7] the program of an empty page keeps its instanceId, and has a WebSocket on every Node', () => {
  const { emptyCode = '' } = commands('ws://127.0.0.1:18789/');
  expect(emptyCode).toMatch(/store: fileStore\(/);
  expect(emptyCode).toMatch(/createSocket: wsSocket\(\)/);
});
