/** The languages the product speaks. The first is complete; a further one must fill the same keys or it does not compile. */
export const LOCALES = ['zh-CN'] as const
export type Locale = (typeof LOCALES)[number]

export interface Words {
  readonly [key: string]: string | ((...parts: never[]) => string) | Words
}

/** Wording of one part in every language. All sentences users read are made here or in the problem table. */
export function defineWords<Dictionary extends Words>(byLocale: Readonly<Record<Locale, Dictionary>>): Dictionary {
  return byLocale['zh-CN']
}
