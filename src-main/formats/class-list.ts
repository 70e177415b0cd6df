import { readFile } from 'node:fs/promises'
import { CribsheetError } from '../contract/index.ts'

/** object: to be found and measured; background: everything else; ignored: neither, and not scored. */
export type ClassRole = 'object' | 'background' | 'ignored'

export interface ListedClass {
  /** Pixel value in the index masks. */
  id: number
  name: string
  role: ClassRole
}

/** The largest value of a pixel in a 16-bit mask. */
const largestId = 65_535

export function roleOfClass(name: string): ClassRole {
  const lowerCase = name.toLowerCase()
  if (lowerCase === 'ignore') return 'ignored'
  return lowerCase === 'background' || lowerCase === '_background_' ? 'background' : 'object'
}

function parseClassList(text: string, file: string): ListedClass[] {
  const invalid = (line: number, message: string): CribsheetError =>
    new CribsheetError('format-invalid', `Line ${line} of the class list ${message}.`, {
      file,
      advice: 'Write one class a line: its pixel value, a space, its name.',
    })
  const classes: ListedClass[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const match = /^\s*(\d+)\s+(\S.*?)\s*$/.exec(line)
    if (!match) throw invalid(index + 1, `is "${line.trim()}", not a number and a name`)
    const [, digits, name] = match
    const id = Number(digits)
    if (id > largestId) throw invalid(index + 1, `has the pixel value ${id}, larger than ${largestId}`)
    if (classes.some((other) => other.id === id)) throw invalid(index + 1, `names the pixel value ${id} a second time`)
    if (classes.some((other) => other.name === name)) throw invalid(index + 1, `has the name "${name}" a second time`)
    classes.push({ id, name, role: roleOfClass(name) })
  }
  if (!classes.some(({ role }) => role === 'object'))
    throw new CribsheetError('format-invalid', 'The class list names no class.', {
      file,
      advice: 'Write one class a line: its pixel value, a space, its name.',
    })
  // What a mask may hold without being named: 0 for the background, 255 for pixels that are not scored.
  if (!classes.some(({ id }) => id === 0)) classes.push({ id: 0, name: 'background', role: 'background' })
  if (!classes.some(({ id }) => id === 255)) {
    const taken = classes.some(({ name }) => name === 'ignore')
    classes.push({ id: 255, name: taken ? 'ignore 255' : 'ignore', role: 'ignored' })
  }
  return classes.sort((a, b) => a.id - b.id)
}

/**
 * The classes of index masks, by pixel value: one `id name` a line. Where the file does not name them, 0 is the background and
 * 255 is ignored, so both are always in the answer.
 *
 * @throws CribsheetError format-invalid naming the line
 */
export async function readClassList(file: string): Promise<ListedClass[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new CribsheetError('file-missing', 'The class list cannot be read.', {
      file,
      advice: 'Name the file that says which pixel value is which class.',
      cause,
    })
  }
  return parseClassList(text.replace(/^\uFEFF/, ''), file)
}
