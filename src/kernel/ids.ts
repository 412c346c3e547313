/** Branded ids: a `UnitId` cannot be passed where an `AccountId` is asked for. */
declare const brand: unique symbol
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name }

/** A unit of work: city, district, functional zone, education management centre, township office, village, school. */
export type UnitId = Branded<number, 'UnitId'>
/** A division of GB/T 2260 or a township or village of the statistical code. */
export type DivisionId = Branded<number, 'DivisionId'>
/** A sign-in. */
export type AccountId = Branded<number, 'AccountId'>
/** A post (岗位): one person holding one role at one unit between two days. */
export type PostId = Branded<number, 'PostId'>
/** UUIDv7 of a sealed file. */
export type FileId = Branded<string, 'FileId'>
/** UUIDv7 of a reconciliation run. */
export type RunId = Branded<string, 'RunId'>

/** A child of the books, whatever sheets speak of it. */
export type ChildId = Branded<number, 'ChildId'>
/** One row of one batch. */
export type RecordId = Branded<number, 'RecordId'>
/** A committed sheet. */
export type BatchId = Branded<number, 'BatchId'>
/** One act of posting; figures are known at one. */
export type PostingId = Branded<number, 'PostingId'>
/** A check task or case. */
export type CaseId = Branded<number, 'CaseId'>
/** What an entry rests on. */
export type EvidenceId = Branded<number, 'EvidenceId'>

export function childId(id: number): ChildId {
  return wholePositive(id) as ChildId
}

export function recordId(id: number): RecordId {
  return wholePositive(id) as RecordId
}

export function batchId(id: number): BatchId {
  return wholePositive(id) as BatchId
}

export function postingId(id: number): PostingId {
  return wholePositive(id) as PostingId
}

export function caseId(id: number): CaseId {
  return wholePositive(id) as CaseId
}

export function evidenceId(id: number): EvidenceId {
  return wholePositive(id) as EvidenceId
}

export function unitId(id: number): UnitId {
  return wholePositive(id) as UnitId
}

export function divisionId(id: number): DivisionId {
  return wholePositive(id) as DivisionId
}

export function accountId(id: number): AccountId {
  return wholePositive(id) as AccountId
}

export function postId(id: number): PostId {
  return wholePositive(id) as PostId
}

export function fileId(id: string): FileId {
  return uuid(id) as FileId
}

export function runId(id: string): RunId {
  return uuid(id) as RunId
}

function wholePositive(id: number): number {
  if (!Number.isSafeInteger(id) || id <= 0) throw new RangeError(`not an id: ${id}`)
  return id
}

export const UUID_SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

function uuid(id: string): string {
  if (!UUID_SHAPE.test(id)) throw new RangeError('not a UUID')
  return id
}
