import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { accepting, freePort } from '../../bench/servers/local-port.ts';

/** A Mosquitto of the test's own, and a subscriber to all its topics. */
export interface MqttBroker {
  readonly url: string;
  /** The latest message of each topic; an empty one was removed. */
  readonly latest: ReadonlyMap<string, string>;
  /** Every message, in order. */
  readonly published: readonly { readonly topic: string; readonly text: string }[];
  close(): Promise<void>;
}

/** Starts Mosquitto on a free port of loopback; its configuration is kept in `folder`. */
export async function startMqttBroker(folder: string, topics: readonly string[]): Promise<MqttBroker> {
  const port = await freePort();
  const config = join(folder, `mosquitto-${port}.conf`);
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  const child = spawn('mosquitto', ['-c', config], {
    stdio: 'ignore',
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
  });
  await accepting(port);
  const url = `mqtt://127.0.0.1:${port}`;
  const latest = new Map<string, string>();
  const published: { readonly topic: string; readonly text: string }[] = [];
  const listener = await mqtt.connectAsync(url);
  listener.on('error', () => {});
  listener.on('message', (topic, payload) => {
    latest.set(topic, payload.toString());
    published.push({ topic, text: payload.toString() });
  });
  await listener.subscribeAsync([...topics], { qos: 1 });
  return { url, latest, published, close: () => closeBroker(child, listener) };
}

async function closeBroker(child: ChildProcess, listener: MqttClient): Promise<void> {
  listener.end(true);
  const exited = once(child, 'exit');
  if (child.kill()) await exited;
}
