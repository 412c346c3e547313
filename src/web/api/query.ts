import {
  QueryClient,
  type QueryKey,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
} from '@tanstack/react-query'
import type { z } from 'zod'
import type { Route } from '../../kernel/route.ts'
import { ApiProblem } from './api-problem.ts'
import { call } from './call.ts'
import type { RequestOf } from './request.ts'

/** Only a server that is away is asked again by itself; a refusal stays a refusal. */
function isAway(fault: Error): boolean {
  return fault instanceof ApiProblem && (fault.status === 0 || fault.status === 503) && fault.code !== 'CLIENT.STOPPED'
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, fault) => failures < 2 && isAway(fault),
        retryDelay: (failures) => 800 * 2 ** failures,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  })
}

export function keyOf<R extends Route>(route: R, request: RequestOf<R>): QueryKey {
  return [route.id, request]
}

interface AnswerOptions<Answer> {
  /** Milliseconds to the next reading, told from the last answer. */
  readonly every?: (answer: Answer | undefined) => number | false
  readonly isEnabled?: boolean
}

/** Reads a route; the last answer stays on the screen while another page or filter of it is on its way. */
export function useAnswer<R extends Route>(
  route: R,
  request: RequestOf<R>,
  options: AnswerOptions<z.output<R['answer']>> = {},
): UseQueryResult<z.output<R['answer']>, Error> {
  const { every, isEnabled = true } = options
  return useQuery<z.output<R['answer']>, Error>({
    queryKey: keyOf(route, request),
    queryFn: ({ signal, client, queryKey }) =>
      call(route, request, {
        signal,
        isBackground: every !== undefined && client.getQueryData(queryKey) !== undefined,
      }),
    placeholderData: (before, query) => (isSameThing(query?.queryKey, request) ? before : undefined),
    enabled: isEnabled,
    ...(every === undefined ? {} : { refetchInterval: (query) => every(query.state.data) }),
  })
}

/** Another page or filter of the same thing may stand in for a moment; another thing's figures never. */
function isSameThing(key: QueryKey | undefined, request: { readonly params?: unknown }): boolean {
  const before = key?.[1]
  const paramsBefore = typeof before === 'object' && before !== null && 'params' in before ? before.params : undefined
  return JSON.stringify(paramsBefore) === JSON.stringify(request.params)
}

/** Calls a route that changes something. */
export function useAction<R extends Route>(route: R): UseMutationResult<z.output<R['answer']>, Error, RequestOf<R>> {
  return useMutation<z.output<R['answer']>, Error, RequestOf<R>>({ mutationFn: (request) => call(route, request) })
}
