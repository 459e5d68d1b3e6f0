import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { RequestHandler } from './http-app.ts';
import { lateHandler } from './late-handler.ts';

const request = {} as IncomingMessage;

/** What a handler did to a response. */
interface Answer {
  readonly response: ServerResponse;
  status?: number;
  isEnded?: boolean;
}

function newAnswer(): Answer {
  const writeHead = (status: number) => {
    answer.status = status;
  };
  const end = () => {
    answer.isEnded = true;
  };
  const answer: Answer = { response: { headersSent: false, writeHead, end } as unknown as ServerResponse };
  return answer;
}

function quietLogger() {
  const errors: string[] = [];
  const logger = {
    debug() {},
    info() {},
    warn() {},
    error: (_: object, message: string) => errors.push(message),
  };
  return { errors, logger };
}

describe('lateHandler', () => {
  it('loads once, for the first request, and answers all in order', async () => {
    const answered: ServerResponse[] = [];
    let loads = 0;
    const load = async (): Promise<RequestHandler> => {
      loads += 1;
      return (_, to) => answered.push(to);
    };
    const handler = lateHandler(load, quietLogger().logger);
    expect(loads).toBe(0);
    const responses = [newAnswer(), newAnswer(), newAnswer()].map((answer) => answer.response);
    for (const to of responses.slice(0, 2)) handler(request, to);
    await Promise.resolve();
    await Promise.resolve();
    for (const to of responses.slice(2)) handler(request, to);
    expect(loads).toBe(1);
    expect(answered).toEqual(responses);
  });

  it('answers 500 when the handler cannot be loaded, and tries again with the next request', async () => {
    const { errors, logger } = quietLogger();
    const answers: (() => Promise<RequestHandler>)[] = [
      () => Promise.reject(new Error('no such file')),
      () => Promise.resolve((_, to) => void to.end()),
    ];
    const handler = lateHandler(
      () => answers.shift()?.() ?? Promise.reject(new Error('asked too often')),
      logger,
    );
    const [first, second] = [newAnswer(), newAnswer()];
    handler(request, first.response);
    await new Promise((resolve) => setImmediate(resolve));
    expect(first).toMatchObject({ status: 500, isEnded: true });
    expect(errors).toEqual(['the HTTP surface cannot be loaded']);
    handler(request, second.response);
    await new Promise((resolve) => setImmediate(resolve));
    expect(second).toMatchObject({ isEnded: true });
    expect(second).not.toHaveProperty('status');
  });
});
