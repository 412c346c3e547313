import type { Session } from '../../engines/linkage/server/session.ts'
import type { RunSummary } from './contract.ts'
import type { Progress } from './pipeline-progress.server.ts'
import type { Sheets } from './pipeline-read.server.ts'
import { reasonWords } from './reason-words.ts'

/** Makes `link`, `dup_p`, `dup_r` and `pattern_words`. */
export async function linkSheets(session: Session, _sheets: Sheets, progress: Progress): Promise<RunSummary['engine']> {
  progress.enter('exact')
  await session.run('CREATE TABLE pattern_words (pattern INTEGER, words VARCHAR)')
  await session.append('pattern_words', [[0, reasonWords.link.exact]])
  for (const side of ['p', 'r'] as const) await findSameIdAndName(session, side)
  await session.run(`CREATE TABLE link AS SELECT p.row AS l, r.row AS r, 0 AS pattern, 1.0::DOUBLE AS score, false AS is_review
    FROM p JOIN r ON p.n = r.n AND p.name = r.name
    WHERE NOT p.is_error AND NOT r.is_error AND p.row NOT IN (SELECT row FROM dup_p) AND r.row NOT IN (SELECT row FROM dup_r)`)
  return { version: '1', model: 'exact' }
}

/** Rows of one sheet that repeat ID and name: the best of them (live before cancelled, at school before left, then the first) stays. */
async function findSameIdAndName(session: Session, side: 'p' | 'r'): Promise<void> {
  await session.run(`CREATE TABLE dup_${side} AS
    WITH twice AS (SELECT n FROM ${side} WHERE n IS NOT NULL AND NOT is_error GROUP BY n HAVING count(*) > 1),
      ranked AS (SELECT row, first(row) OVER one AS same_as FROM ${side} WHERE n IN (FROM twice) AND NOT is_error
        WINDOW one AS (PARTITION BY n, name ORDER BY rank, row))
    SELECT row, same_as, 0 AS pattern FROM ranked WHERE row <> same_as`)
}
