/** Patterns are 0 and up; what was not compared has one of its own: keys that are all equal, and what a person decided. */
export const CERTAIN = -1
export const DECIDED = -2
