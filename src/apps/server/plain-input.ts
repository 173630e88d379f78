import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '#lib/failure.ts';

const ofModules = /^\/api(\/|\?|$)/;

/**
 * What modules are asked is plain: each parameter once, and no text that the database cannot keep. So it is refused in one
 * place, and not forgotten in the next route.
 */
export function refuseOddInput(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    if (ofModules.test(request.url)) checkInput(request);
  });
}

/** Fails with `value`. */
export function checkInput({ query, params, body }: Pick<FastifyRequest, 'query' | 'params' | 'body'>): void {
  for (const [name, value] of Object.entries(query ?? {})) {
    if (typeof value !== 'string') throw new Failure('value', `Send the parameter ${printName(name)} once.`);
  }
  const rest: unknown[] = [query, params, body];
  for (let part = rest.pop(); part !== undefined || rest.length > 0; part = rest.pop()) {
    if (typeof part === 'string') checkText(part);
    else if (Array.isArray(part)) for (const each of part) rest.push(each);
    else if (isPlain(part)) for (const [name, value] of Object.entries(part)) rest.push(name, value);
  }
}

/** Not a file on its way. */
const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !(value instanceof Readable);

function checkText(text: string): void {
  if (text.includes('\0')) throw new Failure('value', 'No text may hold the character U+0000.');
  if (!text.isWellFormed()) throw new Failure('value', 'A text holds half of a character. Send it as UTF-8.');
}

const printName = (name: string): string => JSON.stringify(name.slice(0, 40));
