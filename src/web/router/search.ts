/** What stands behind the question mark of an address; members without a value are left out of it. */
export type Search = Readonly<Record<string, string | number | undefined>>

export function toSearch(search: Search | undefined): Record<string, string | number> {
  const kept: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(search ?? {})) {
    if (value !== undefined && value !== '') kept[name] = value
  }
  return kept
}
