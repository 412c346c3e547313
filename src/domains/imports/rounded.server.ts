import { parquet, type Session } from '../../engines/linkage/server/session.ts'

/** A sheet whose numbers end in 000 this often was rounded by a spreadsheet; of sound IDs one in 1,100 does. */
const ROUNDED_SHARE = 0.02
const ROUNDED_LEAST = 5

/** [RECON-7] Whether the ID column went through a spreadsheet that kept fifteen digits. */
export async function isRoundedColumn(session: Session, path: string): Promise<boolean> {
  const [row] = await session.rows(`SELECT count(*) FILTER (strlen(citizenId) = 18) AS whole,
    count(*) FILTER (strlen(citizenId) = 18 AND right(citizenId, 3) = '000') AS zeros FROM ${parquet(path)}`)
  const zeros = Number(row?.['zeros'] ?? 0)
  return zeros >= ROUNDED_LEAST && zeros >= ROUNDED_SHARE * Number(row?.['whole'] ?? 0)
}
