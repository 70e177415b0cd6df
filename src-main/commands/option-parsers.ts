import { InvalidArgumentError } from 'commander'

/** `a,b` as a list. */
export function parseList(text: string): string[] {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  if (items.length === 0) throw new InvalidArgumentError('Give names with commas between them.')
  return items
}

/** A parser of a whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < least || text.trim() === '')
      throw new InvalidArgumentError(`Give a whole number of at least ${least}.`)
    return value
  }
}

/** 0 to 1. */
export function parseShare(text: string): number {
  const value = Number(text)
  if (!(value >= 0 && value <= 1) || text.trim() === '') throw new InvalidArgumentError('Give a number from 0 to 1.')
  return value
}
