import { z } from 'zod'
import type { ProblemCode } from '../../kernel/problem.ts'
import { PROBLEMS } from '../../kernel/problem-table.ts'
import type { Route } from '../../kernel/route.ts'
import { httpWords as words } from './words.ts'

type Json = Readonly<Record<string, unknown>>

/** Every route may answer with these. */
const COMMON: readonly ProblemCode[] = ['SYSTEM.FAULT', 'SYSTEM.DATABASE_AWAY', 'SYSTEM.BUSY', 'REQUEST.TOO_MANY']
const MALFORMED: readonly ProblemCode[] = ['REQUEST.MALFORMED']
const SESSION: readonly ProblemCode[] = ['SESSION.REQUIRED', 'SESSION.EXPIRED', 'SESSION.NO_POST']
const RIGHT: readonly ProblemCode[] = ['REQUEST.NOT_ALLOWED', 'SESSION.CHANGE_PASSWORD']
const CHANGE: readonly ProblemCode[] = ['REQUEST.FORGED']

/** OpenAPI 3.1 of the mounted routes. The schemas are those that check requests and answers, so the document cannot be wrong about them. */
export function openApiDocument(
  routes: readonly Route[],
  { version, prefix }: { readonly version: string; readonly prefix: string },
): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: words.apiTitle, version, description: words.apiNote },
    servers: [{ url: prefix }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'baoxue_session', description: words.cookieNote },
        csrf: { type: 'apiKey', in: 'header', name: 'x-baoxue-csrf' },
      },
      schemas: {
        Problem: {
          type: 'object',
          required: ['code', 'message', 'words'],
          properties: {
            code: { type: 'string', enum: Object.keys(PROBLEMS) },
            message: { type: 'string' },
            words: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
          },
        },
      },
    },
  }
}

function operation(route: Route): Json {
  const isChange = route.method !== 'GET'
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.id.split('.')[0]],
    'x-access': route.access,
    security: route.access === 'public' ? [] : [isChange ? { session: [], csrf: [] } : { session: [] }],
    parameters: [...parameters('path', route.params), ...parameters('query', route.query)],
    ...requestBody(route),
    responses: { 200: success(route), ...refusals(problemsOf(route)) },
  }
}

export function problemsOf({ access, method, problems }: Route): readonly ProblemCode[] {
  const isPublic = access === 'public'
  const all = [
    ...COMMON,
    ...MALFORMED,
    ...(method === 'GET' ? [] : CHANGE),
    ...(isPublic ? [] : SESSION),
    ...(isPublic || access === 'signed-in' ? [] : [...RIGHT, 'REQUEST.NOT_FOUND' as const]),
    ...problems,
  ]
  return [...new Set(all)].sort()
}

function parameters(place: 'path' | 'query', schema: z.ZodType): readonly Json[] {
  const { properties, required } = jsonSchema(schema, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (required ?? []).includes(name),
    schema: property,
  }))
}

function requestBody(route: Route): Json {
  if (route.method === 'GET' || route.method === 'DELETE') return {}
  if (route.kind === 'upload') {
    const file = { type: 'string', contentMediaType: 'application/octet-stream', description: words.fileField }
    const schema = { type: 'object', required: ['file'], properties: { file } }
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } }
  }
  const schema = jsonSchema(route.body, 'input')
  if (Object.keys((schema.properties as Json | undefined) ?? {}).length === 0) return {}
  return { requestBody: { required: true, content: { 'application/json': { schema } } } }
}

function success(route: Route): Json {
  const content =
    route.kind === 'download'
      ? { 'application/octet-stream': { schema: { type: 'string', contentMediaType: 'application/octet-stream' } } }
      : { 'application/json': { schema: jsonSchema(route.answer, 'output') } }
  return { description: words.answered, content }
}

function refusals(codes: readonly ProblemCode[]): Record<number, Json> {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of codes) byStatus.set(PROBLEMS[code].status, [...(byStatus.get(PROBLEMS[code].status) ?? []), code])
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      status,
      {
        description: [words.refused, ...ofStatus.map((code) => `- \`${code}\` ${PROBLEMS[code].sentence}`)].join('\n'),
        content: {
          'application/json': {
            schema: {
              allOf: [
                { $ref: '#/components/schemas/Problem' },
                { type: 'object', properties: { code: { enum: ofStatus } } },
              ],
            },
          },
        },
      },
    ]),
  )
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    reused: 'inline',
  })
  return rest
}
