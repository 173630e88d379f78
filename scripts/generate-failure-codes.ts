/** Prints docs/reference/failure-codes.md from the table of statuses. */
import { writeFileSync } from 'node:fs';
import { httpStatus } from '../src/fhir/rest/operation-outcome.ts';

const rows = Object.entries(httpStatus).map(([code, status]) => `| \`${code}\` | ${status} |`);
const page = `# Failure codes

Every failure is an OperationOutcome; its code decides the HTTP status. Printed from
\`src/fhir/rest/operation-outcome.ts\`; what the codes mean: https://hl7.org/fhir/R4/valueset-issue-type.html.

| Code | HTTP status |
|---|---|
${rows.join('\n')}
`;
writeFileSync(new URL('../docs/reference/failure-codes.md', import.meta.url), page);
