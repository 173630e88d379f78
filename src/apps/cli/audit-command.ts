import { Failure } from '#lib/failure.ts';
import { createPool } from '#lib/postgres/pool.ts';
import { createProgressBar } from '#lib/progress/progress-bar.ts';
import { runVerification, type VerificationReport } from '#modules/audit/index.ts';
import { auditFiles } from '../server/audit.ts';
import { readConfig } from '../server/config.ts';
import { openRecord } from './open-record.ts';
import { readArguments } from './read-arguments.ts';

const auditUsage = `meridian audit verify [--since <date>] [--anchor <file>]...

Reads the whole trail of who looked at and changed what, and says which entry was edited, removed, inserted or moved, and
whether the end was cut off. It ends with 1 when it finds anything. A server may run meanwhile.

  --since <date>   only from the block on that holds something since then: 2026-11-01, or 2026-11-01T08:00:00Z
  --anchor <file>  also hold the end against this copy of audit/anchor.json, kept on another machine`;

/** Returns the exit code. */
export async function auditCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {
    since: { type: 'string' },
    anchor: { type: 'string', multiple: true },
  });
  if (values.help) {
    console.log(auditUsage);
    return 0;
  }
  if (positionals.length !== 1 || positionals[0] !== 'verify') throw new Failure('value', auditUsage);
  const since = values.since === undefined ? undefined : parseSince(values.since);
  const config = readConfig();
  const database = await openRecord(config);
  const pool = createPool(database.connectionString, {
    max: 1,
    applicationName: 'meridian audit verify',
    statementTimeoutMs: 600_000,
  });
  const bar = createProgressBar('Verifying the trail', process.stderr);
  try {
    const report = await runVerification({
      pool,
      ...auditFiles(config),
      otherAnchors: values.anchor,
      since,
      progress: (done, total) => bar.update({ done, unit: 'events', total }),
    });
    bar.end();
    announce(report);
    return report.findings === 0 ? 0 : 1;
  } finally {
    bar.end();
    await pool.end();
    await database.stop();
  }
}

function parseSince(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new Failure('value', `--since must be a date such as 2026-11-01, not "${text}".`);
  return at * 1000;
}

const number = new Intl.NumberFormat('en');

function announce(report: VerificationReport): void {
  const { events, blocks, roots, unsealed, findings, examples, isAuthenticated, anchors } = report;
  for (const { text } of examples) console.log(text);
  if (findings > examples.length) console.log(`... and ${number.format(findings - examples.length)} more.`);
  console.log(
    `${number.format(events)} events in ${number.format(blocks)} blocks and ${number.format(roots)} daily roots were verified; ` +
      `${number.format(unsealed)} wait to be sealed. ` +
      (findings === 0 ? 'All is as it was written.' : `${number.format(findings)} findings.`),
  );
  if (!isAuthenticated)
    console.log('Only the public key is here: blocks were held against their events, each event was not.');
  if (anchors.length === 0)
    console.log('There is no anchor here: whether the end was cut off since the last daily root is not known.');
}
