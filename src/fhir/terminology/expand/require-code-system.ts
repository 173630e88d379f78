import type { CodeSystem } from '../code-system.ts';
import { terminologyFault } from '../fault.ts';
import type { Scope } from '../scope.ts';
import { joinCanonical } from '../version.ts';

/** The code system for an expansion; fails when it is not known, or when its codes are not. */
export async function requireCodeSystem(scope: Scope, url: string, version: string | undefined): Promise<CodeSystem> {
  const ruled = scope.ruledVersion(url, version);
  const codeSystem = await scope.findCodeSystem(url, ruled);
  if (!codeSystem) throw await unknownFault(scope, url, ruled);
  const [broken] = scope.brokenChecks(url, codeSystem.version);
  if (broken) {
    throw terminologyFault({
      status: 400,
      code: 'exception',
      detail: 'version-error',
      messageId: 'VALUESET_VERSION_CHECK',
      text: `The version ${codeSystem.version} of ${url} is none that check-system-version ${broken.version} allows.`,
    });
  }
  if (codeSystem.content === 'supplement' || codeSystem.content === 'not-present') {
    throw terminologyFault({
      code: 'business-rule',
      detail: 'invalid',
      text: `The code system ${joinCanonical(url, codeSystem.version)} (content: ${codeSystem.content}) has no codes of its own here. Load it with its concepts.`,
    });
  }
  return codeSystem;
}

async function unknownFault(scope: Scope, url: string, version: string | undefined): Promise<Error> {
  const versions = version === undefined ? [] : await scope.versionsOf(url);
  const isKnown = versions.length > 0;
  return terminologyFault({
    code: 'not-found',
    detail: 'not-found',
    messageId:
      version === undefined
        ? 'UNKNOWN_CODESYSTEM_EXP'
        : isKnown
          ? 'UNKNOWN_CODESYSTEM_VERSION_EXP'
          : 'UNKNOWN_CODESYSTEM_VERSION_EXP_NONE',
    text: isKnown
      ? `The version ${version} of the code system ${url} is not known here, only ${versions.join(', ')}.`
      : `The code system ${joinCanonical(url, version)} is not known here. Load it, or leave it out.`,
    unknownSystem: joinCanonical(url, version),
  });
}
