import type { FastifyRequest } from 'fastify';
import { Failure } from '#lib/failure.ts';

/** Of the address; ours are UUIDs. */
export function idOf(request: FastifyRequest): string {
  const { id } = request.params as { id: string };
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id;
  throw new Failure('not-found', 'There is nothing at this address.');
}

export function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Failure('value', `${name} must be a whole number.`);
}
