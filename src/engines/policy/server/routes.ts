import { plainDate } from '../../../kernel/plain-date.ts'
import { type Actor, type Http, mountRoute } from '../../../platform/http/index.ts'
import type { Services } from '../../../platform/services.ts'
import { listPolicy } from '../catalogue.ts'
import { readPolicy } from '../contract.ts'
import type { PolicyPack } from '../pack.ts'
import type { Parameter } from '../parameter.ts'

/** What the engine cannot know: which parameters and packs there are, and where the reader stands. */
export interface PolicyCatalogue {
  readonly parameters: readonly Parameter[]
  readonly packs: readonly PolicyPack[]
  /** Codes of the reader's unit and all above it, widest first. */
  readonly unitCodesOf: (actor: Actor) => Promise<readonly string[]>
}

/** The page of every value in the reader's place, on the day asked for or today. */
export function mountPolicy(http: Http, services: Pick<Services, 'clock'>, catalogue: PolicyCatalogue): void {
  mountRoute(http, readPolicy, async ({ actor, query }) => {
    const day = query.day === undefined ? services.clock.today() : plainDate(query.day)
    const place = { units: await catalogue.unitCodesOf(actor), packs: catalogue.packs }
    return { day, rows: [...listPolicy(catalogue.parameters, day, place, query.q)] }
  })
}
