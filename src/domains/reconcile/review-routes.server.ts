import { runId } from '../../kernel/ids.ts'
import { type Http, mountDownload, mountRoute } from '../../platform/http/index.ts'
import type { Services } from '../../platform/services.ts'
import * as difference from './difference.commands.server.ts'
import * as differenceContract from './difference-contract.ts'
import { readManifest, verifyRun } from './manifest.commands.server.ts'
import { readManifest as readManifestRoute, verifyRun as verifyRunRoute } from './manifest-contract.ts'
import * as commands from './review.commands.server.ts'
import * as contract from './review-contract.ts'
import * as models from './review-model.commands.server.ts'
import * as modelContract from './review-model-contract.ts'

/** Three hundred pairs an hour, each shown whole. */
const REVEALS = { most: 120, minutes: 10 }

export function mountReviewRoutes(http: Http, services: Services): void {
  mountRoute(http, readManifestRoute, ({ actor, params }) => readManifest(services, actor, runId(params.runId)))
  mountRoute(http, verifyRunRoute, ({ actor, params }) => verifyRun(services, actor, runId(params.runId)))
  mountRoute(http, contract.readReview, ({ actor, params }) =>
    commands.readReview(services, actor, runId(params.runId)),
  )
  mountRoute(http, contract.claimPairs, ({ actor, params, body }) =>
    commands.claimPairs(services, actor, runId(params.runId), { most: body.most, states: 'looks' }),
  )
  mountRoute(http, contract.claimDisputes, ({ actor, params, body }) =>
    commands.claimPairs(services, actor, runId(params.runId), { most: body.most, states: 'disputes' }),
  )
  mountRoute(http, contract.listPairs, ({ actor, params, query }) =>
    commands.listPairs(services, actor, runId(params.runId), { ...query, state: query.state }),
  )
  mountRoute(http, contract.readPair, ({ actor, params }) => commands.readPair(services, actor, params.pairId))
  mountRoute(http, contract.answerPair, (asked) =>
    commands.answerPair(services, asked, { pairId: asked.params.pairId, ...asked.body }),
  )
  mountRoute(http, contract.settlePair, (asked) =>
    commands.answerPair(services, asked, { pairId: asked.params.pairId, ...asked.body }),
  )
  mountRoute(http, contract.undoAnswer, (asked) => commands.undoAnswer(services, asked, asked.params.pairId))
  mountRoute(
    http,
    contract.revealPair,
    (asked) => commands.revealPair(services, asked, { pairId: asked.params.pairId, reason: asked.body.reason }),
    { limit: REVEALS },
  )
  mountRoute(http, contract.readDecision, ({ actor, params }) =>
    commands.readDecision(services, actor, params.decisionId),
  )
  mountRoute(http, contract.withdrawDecision, (asked) =>
    commands.withdrawDecision(services, asked, { decisionId: asked.params.decisionId, reason: asked.body.reason }),
  )
  mountRoute(http, differenceContract.readDifference, ({ actor, params }) =>
    difference.readDifference(services, actor, runId(params.runId)),
  )
  mountRoute(http, differenceContract.listDifference, ({ actor, params, query }) =>
    difference.listDifference(services, actor, runId(params.runId), { ...query, kind: query.kind, why: query.why }),
  )
  mountDownload(http, differenceContract.downloadDifference, (asked) =>
    difference.downloadDifference(services, asked, { runId: runId(asked.params.runId), reason: asked.body.reason }),
  )
  mountRoute(http, modelContract.listModels, ({ actor }) => models.readModels(services, actor))
  mountRoute(http, modelContract.estimateModel, (asked) => models.estimateModel(services, asked))
  mountRoute(http, modelContract.switchModel, (asked) => models.turnModel(services, asked, asked.body.version))
}
