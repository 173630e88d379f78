import type { FastifyRequest } from 'fastify';
import { Failure } from '#lib/failure.ts';
import type { Access } from './access.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of whoever the request's token or session belongs to; undefined for nobody. */
    access?: Access | undefined;
  }
}

/** Fails with `login` (401) when nobody has signed in. */
export function accessOf({ access }: Pick<FastifyRequest, 'access'>): Access {
  if (access) return access;
  throw new Failure('login', 'Sign in first: send an access token as Authorization: Bearer, or open the portal.');
}
