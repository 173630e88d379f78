import type { JsonObject } from '#lib/json/index.ts';
import { extensionText, textAt } from '../element.ts';
import { joinCanonical } from '../version.ts';
import type { Findings } from './findings.ts';

type StatusWarning = 'deprecated' | 'withdrawn' | 'retired' | 'experimental' | 'draft';

const standardsStatus = (resource: JsonObject) => extensionText(resource, 'structuredefinition-standards-status');

/** What a reader should know of the status of a resource that another one, `source`, relies on. */
export function statusWarning(resource: JsonObject, source: JsonObject): StatusWarning | undefined {
  const [status, standards] = [textAt(resource, 'status'), standardsStatus(resource)];
  if (standards === 'deprecated' || standards === 'withdrawn') return standards;
  if (status === 'retired') return 'retired';
  if (resource.experimental === true) return source.experimental === true ? undefined : 'experimental';
  const isDraft = status === 'draft' || standards === 'draft';
  const isSourceDraft = textAt(source, 'status') === 'draft' || standardsStatus(source) === 'draft';
  return isDraft && !isSourceDraft ? 'draft' : undefined;
}

/** As an issue that is no error. */
export function tellStatus(findings: Findings, resource: JsonObject, source: JsonObject): void {
  const warning = statusWarning(resource, source);
  if (!warning) return;
  const canonical = joinCanonical(textAt(resource, 'url') ?? '', textAt(resource, 'version'));
  findings.add({
    severity: 'information',
    code: 'business-rule',
    detail: 'status-check',
    messageId: `MSG_${warning.toUpperCase()}`,
    text: `The ${resource.resourceType} ${canonical} is ${warning}.`,
  });
}
