import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Consent,
  canMove,
  close,
  consentKinds,
  consentStates,
  grant,
  isActive,
  type Scope,
  widerIn,
} from './consent.ts';
import { parseConsent, printConsent } from './consent-resource.ts';

const words = fc.string({ minLength: 1, maxLength: 20 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));
const categories = ['diabetes', 'hypertension', 'everything', 'hiv'];
const scope: fc.Arbitrary<Scope> = fc.record({
  categories: fc.uniqueArray(fc.constantFrom(...categories), { minLength: 1 }),
  from: maybe(day),
  until: maybe(day),
  dataFrom: maybe(day),
  dataUntil: maybe(day),
  eraseAt: maybe(day),
});
const named = (type: string) =>
  fc.record({ reference: fc.constantFrom('1', 'a-b').map((id) => `${type}/${id}`), display: words });
const consent: fc.Arbitrary<Consent> = fc.record({
  id: fc.uuid(),
  version: fc.integer({ min: 1 }),
  kind: fc.constantFrom(...consentKinds),
  state: fc.constantFrom(...consentStates),
  patient: named('Patient'),
  party: maybe(named('Organization')),
  requester: maybe(named('Practitioner')),
  decidedBy: maybe(named('Patient')),
  purposes: fc.uniqueArray(fc.constantFrom('TREAT', 'CAREMGT')),
  scope,
  asked: maybe(scope),
  reason: maybe(words),
  note: maybe(words),
  decideBy: maybe(day),
  at: day,
});

test('what is printed is parsed again', () => {
  fc.assert(
    fc.property(consent, (one) => {
      expect(parseConsent(printConsent(one), one.version ?? 1)).toEqual(one);
    }),
  );
});

const decision = { by: { reference: 'Patient/1', display: 'A' }, at: '2026-01-01' };
const isOpen = (asked: string, category: string): boolean =>
  asked === category || (asked === 'everything' && category !== 'hiv');

test('what is granted is never wider than what was asked for', () => {
  fc.assert(
    fc.property(consent, scope, (one, given) => {
      fc.pre(canMove(one, 'grant'));
      let granted: Consent | undefined;
      try {
        granted = grant(one, given, decision, isOpen);
      } catch {
        expect(widerIn(one.scope, given, isOpen)).toBeDefined();
      }
      if (!granted) return;
      expect(granted.scope.categories.every((code) => one.scope.categories.some((asked) => isOpen(asked, code)))).toBe(
        true,
      );
      if (one.scope.until) expect(granted.scope.until && granted.scope.until <= one.scope.until).toBe(true);
      if (one.scope.dataFrom) expect(granted.scope.dataFrom && granted.scope.dataFrom >= one.scope.dataFrom).toBe(true);
      expect(granted.state === 'granted').toBe(granted.asked === one.asked && granted.state !== 'narrowed');
    }),
  );
});

test('whatever is tried in whatever order, what has ended stays ended', () => {
  const actions = ['deny', 'lapse', 'revoke', 'expire', 'grant'] as const;
  fc.assert(
    fc.property(consent, fc.array(fc.constantFrom(...actions), { maxLength: 6 }), (start, tried) => {
      let one: Consent = { ...start, state: 'requested' };
      let hasEnded = false;
      for (const action of tried) {
        if (!canMove(one, action)) {
          expect(() =>
            action === 'grant' ? grant(one, one.scope, decision, isOpen) : close(one, action, decision),
          ).toThrow();
          continue;
        }
        one = action === 'grant' ? grant(one, one.scope, decision, isOpen) : close(one, action, decision);
        expect(hasEnded).toBe(false);
        hasEnded = !isActive(one);
      }
    }),
  );
});
