import type { Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Pool } from '#lib/postgres/pool.ts';
import { type Authorization, findAuthorization } from './queries.ts';

type Step = (ctx: KoaContextWithOIDC, next: () => Promise<unknown>) => Promise<void>;

/** https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#launch-context-arrives-with-your-access_token */
function printContext({ patient, encounter, intent, fhirContext }: Authorization) {
  return {
    ...(patient !== null && { patient, need_patient_banner: true }),
    ...(encounter !== null && { encounter }),
    ...(intent !== null && { intent }),
    ...(fhirContext !== null && { fhirContext }),
  };
}

/** What an application was launched for comes with its access token. */
export const addLaunchContext = (pool: Pool): Middleware =>
  (async (ctx, next) => {
    await next();
    const { oidc, body } = ctx as { oidc?: KoaContextWithOIDC['oidc']; body: unknown };
    if (oidc?.route !== 'token' || !isToken(body)) return;
    const grantId = oidc.entities.Grant?.jti;
    const authorization = grantId === undefined ? undefined : await findAuthorization(pool, grantId);
    if (authorization) ctx.body = { ...body, ...printContext(authorization) };
  }) satisfies Step as unknown as Middleware;

const isToken = (body: unknown): body is Record<string, unknown> =>
  typeof body === 'object' && body !== null && 'access_token' in body;

/** https://hl7.org/fhir/smart-app-launch/STU2.2/token-introspection.html */
export const addIntrospectedContext = (pool: Pool, fhir: string): Middleware =>
  (async (ctx, next) => {
    await next();
    const { oidc, body } = ctx as { oidc?: KoaContextWithOIDC['oidc']; body: unknown };
    if (oidc?.route !== 'introspection' || !(body as { active?: boolean } | undefined)?.active) return;
    const grantId = oidc.entities.Grant?.jti;
    const authorization = grantId === undefined ? undefined : await findAuthorization(pool, grantId);
    if (grantId !== undefined && !authorization) ctx.body = { active: false };
    else if (authorization) {
      const fhirUser = `${fhir}/${authorization.reference}`;
      ctx.body = { ...(body as Record<string, unknown>), ...printContext(authorization), fhirUser };
    }
  }) satisfies Step as unknown as Middleware;
