/** `r="BC12"` to 54. */
export function columnOfPlace(attributes: string): number | undefined {
  const letters = /\sr=["']([A-Za-z]{1,3})\d+["']/.exec(attributes)?.[1]
  return letters === undefined ? undefined : columnOfLetters(letters)
}

export function columnOfLetters(letters: string): number {
  let column = 0
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

/** 54 to `BC`. */
export function columnLetters(index: number): string {
  return index < 26
    ? String.fromCharCode(65 + index)
    : columnLetters(Math.floor(index / 26) - 1) + columnLetters(index % 26)
}
