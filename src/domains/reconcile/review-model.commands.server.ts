import { createHash } from 'node:crypto'
import { fromModelJson, nameOf, toModelJson } from '../../engines/linkage/model-json.ts'
import { reestimate } from '../../engines/linkage/reestimate.ts'
import { valueOn } from '../../engines/policy/index.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Actor } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import { findPersons } from '../registry/server.ts'
import type { Asked } from './commands.ts'
import { registerToRoll } from './linkage-definition.ts'
import { canonicalText } from './manifest-rules.ts'
import { leastLabels } from './policy.ts'
import { findNewestRates, insertModel, labelsOf, listModels, switchModel } from './review-model.store.server.ts'
import type { LinkageModelLine } from './review-model-contract.ts'
import { reviewWords as words } from './review-words.ts'

const DEFINITION = nameOf(registerToRoll)

interface Models {
  readonly labels: number
  readonly least: number
  readonly rows: LinkageModelLine[]
}

export async function readModels(services: Services, actor: Actor): Promise<Models> {
  return services.db.inScope(actor.scope, (tx) => modelsOf(services, tx, actor))
}

async function modelsOf({ clock }: Services, tx: Tx, actor: Actor): Promise<Models> {
  const rows = await listModels(tx, actor.unitId)
  const persons = await findPersons(tx, [...new Set(rows.map(({ madeBy }) => madeBy))])
  return {
    labels: (await labelsOf(tx, actor.unitId, DEFINITION)).length,
    least: valueOn(leastLabels, clock.today()),
    rows: rows.map((row) => ({
      version: row.version,
      sha256: row.sha256,
      labels: row.labels,
      heldPairs: row.heldPairs,
      rightBefore: row.rightBefore,
      rightAfter: row.rightAfter,
      madeBy: persons.get(row.madeBy) ?? words.unknownPerson,
      madeAt: row.madeAt.toISOString(),
      isOn: row.onAt !== null && row.offAt === null,
      isOutdated: row.definition !== DEFINITION,
    })),
  }
}

/** [ESTIMATE-2] A further version from what the unit decided; it is shown, and no run uses it until it is switched on. */
export async function estimateModel(services: Services, { actor, audit }: Asked): Promise<Models> {
  const { db, clock } = services
  return db.inScope(actor.scope, async (tx) => {
    const labels = await labelsOf(tx, actor.unitId, DEFINITION)
    const start = await findNewestRates(tx, actor.unitId, DEFINITION)
    const least = valueOn(leastLabels, clock.today())
    if (start === undefined || labels.length < least)
      throw new Problem('REVIEW.TOO_FEW', { count: labels.length, least })
    const { model, heldBack, before, after } = reestimate(
      registerToRoll,
      fromModelJson(registerToRoll, start.rates),
      labels,
    )
    const json = toModelJson(registerToRoll, model)
    const version = await insertModel(tx, {
      unitId: actor.unitId,
      units: actor.unitPath,
      definition: DEFINITION,
      model: json,
      sha256: createHash('sha256').update(canonicalText(json)).digest('hex'),
      fromRun: start.runId,
      labels: labels.length,
      heldPairs: heldBack,
      rightBefore: before.right,
      rightAfter: after.right,
      madeBy: actor.accountId,
      madeAt: clock.now(),
    })
    await audit.record(tx, { target: `model:${actor.unitId}/${version}` })
    return modelsOf(services, tx, actor)
  })
}

/** [ESTIMATE-3] Switched on and off by the unit itself; a model of another definition fits no more. */
export async function turnModel(services: Services, { actor, audit }: Asked, version: number | null): Promise<Models> {
  const { db, clock } = services
  return db.inScope(actor.scope, async (tx) => {
    if (version !== null) {
      const row = (await listModels(tx, actor.unitId)).find((one) => one.version === version)
      if (row === undefined) throw new Problem('REQUEST.NOT_FOUND')
      if (row.definition !== DEFINITION) throw new Problem('REVIEW.MODEL_OUTDATED', { version })
    }
    await switchModel(tx, actor.unitId, version, { accountId: actor.accountId, now: clock.now() })
    await audit.record(tx, { target: `model:${actor.unitId}/${version ?? 'none'}` })
    return modelsOf(services, tx, actor)
  })
}
