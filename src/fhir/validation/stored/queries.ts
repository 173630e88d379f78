import type { ClientBase, Pool } from 'pg';
import type { Issue } from '#lib/failure.ts';
import { Int2Column, Int4Column, Int8Column, TextColumn } from '#lib/postgres/binary-column.ts';
import { run } from '#lib/postgres/run.ts';

type Connection = Pool | ClientBase;

/** The text of the last written resource with each of these addresses, which are indexed under `paths`. */
export async function selectByUrls(
  connection: Connection,
  paths: readonly number[],
  urls: readonly string[],
): Promise<{ url: string; content: string }[]> {
  const rows = await run(
    connection,
    'validation-definitions',
    `select distinct on (named.value) named.value, resource.content
     from fhir.string named join fhir.resource using (rid)
     where named.path = any ($1::int4[]) and left(named.value, 64) = any ($2::text[]) and named.value = any ($3::text[])
       and resource.content is not null
     order by named.value, resource.updated desc`,
    [paths, urls.map((url) => url.slice(0, 64)), urls],
  );
  return rows.map(([url, content]) => ({ url: String(url), content: String(content) }));
}

/** A version with what is wrong with it. */
export interface VersionIssues {
  rid: number;
  version: number;
  issues: readonly Issue[];
}

export async function insertIssues(connection: Connection, versions: readonly VersionIssues[]): Promise<void> {
  const numbers = [new Int8Column(), new Int4Column(), new Int2Column()] as const;
  const texts = [new TextColumn(), new TextColumn(), new TextColumn(), new TextColumn()] as const;
  for (const { rid, version, issues } of versions) {
    for (const [position, { severity, code, expression, diagnostics }] of issues.entries()) {
      numbers[0].push(rid);
      numbers[1].push(version);
      numbers[2].push(position);
      texts[0].push(severity);
      texts[1].push(code);
      if (expression === undefined) texts[2].pushNull();
      else texts[2].push(expression);
      texts[3].push(diagnostics);
    }
  }
  await run(
    connection,
    'validation-insert-issues',
    `insert into fhir.validation_issue (rid, version, position, severity, code, expression, diagnostics)
     select * from unnest($1::int8[], $2::int4[], $3::int2[], $4::text[], $5::text[], $6::text[], $7::text[])
     on conflict do nothing`,
    [...numbers, ...texts].map((column) => column.toBuffer()),
  );
}

export interface ReportedVersion {
  rid: number;
  type: number;
  id: string;
  version: number;
  issues: Issue[];
}

export interface ReportRange {
  /** Numbers of resources, inclusive. */
  first: number;
  last: number;
  /** From here on, exclusive. */
  after: { rid: number; version: number };
  /** Only what is still the current version of its resource. */
  onlyCurrent: boolean;
  limit: number;
}

/** Versions with issues, by the number of the resource; a deleted resource has none that is current. */
export async function selectReported(connection: Connection, range: ReportRange): Promise<ReportedVersion[]> {
  const { first, last, after, onlyCurrent, limit } = range;
  const rows = await run(
    connection,
    'validation-report',
    `with version as (
       select issue.rid, issue.version, resource.type, resource.id
       from fhir.validation_issue issue join fhir.resource using (rid)
       where issue.position = 0 and issue.rid between $1 and $2 and (issue.rid, issue.version) > ($3::int8, $4::int4)
         and (not $5::boolean or (resource.version = issue.version and resource.content is not null))
       order by issue.rid, issue.version
       limit $6
     )
     select version.rid, version.type, version.id, version.version, issue.severity, issue.code, issue.expression, issue.diagnostics
     from version join fhir.validation_issue issue on issue.rid = version.rid and issue.version = version.version
     order by version.rid, version.version, issue.position`,
    [first, last, after.rid, after.version, onlyCurrent, limit],
  );
  const versions: ReportedVersion[] = [];
  for (const [rid, typeNumber, resourceId, version, severity, code, expression, diagnostics] of rows) {
    let last = versions.at(-1);
    if (last?.rid !== Number(rid) || last.version !== Number(version)) {
      last = {
        rid: Number(rid),
        type: Number(typeNumber),
        id: String(resourceId),
        version: Number(version),
        issues: [],
      };
      versions.push(last);
    }
    last.issues.push({
      severity: severity as Issue['severity'],
      code: code as Issue['code'],
      diagnostics: String(diagnostics),
      ...(expression !== null && { expression: String(expression) }),
    });
  }
  return versions;
}
