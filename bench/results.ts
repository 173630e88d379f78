import type { AccessResult } from './scenarios/access.ts';
import type { AuditResult } from './scenarios/audit.ts';
import type { CopyResult } from './scenarios/copy.ts';
import type { CountResult } from './scenarios/count.ts';
import type { CreateResult } from './scenarios/create.ts';
import type { EverythingResult } from './scenarios/everything.ts';
import type { ExportResult } from './scenarios/export.ts';
import type { GrowthResult } from './scenarios/growth.ts';
import type { ImportResult } from './scenarios/import.ts';
import type { MatchResult } from './scenarios/match.ts';
import type { ReadResult } from './scenarios/read.ts';
import type { SearchResult } from './scenarios/search.ts';
import type { TransactionResult } from './scenarios/transaction.ts';

/** Results of the scenarios that ran, by name. */
export interface Results {
  import?: ImportResult;
  copy?: CopyResult;
  read?: ReadResult;
  audit?: AuditResult;
  search?: SearchResult;
  access?: AccessResult;
  everything?: EverythingResult;
  count?: CountResult;
  export?: ExportResult;
  create?: CreateResult;
  transaction?: TransactionResult;
  growth?: GrowthResult;
  match?: MatchResult;
  /** Most that the server process held at any time of the run. */
  serverPeakMb: number;
  /** The same at the end of each scenario: it shows which one needed it. */
  serverPeakMbAfter: Record<string, number>;
}
