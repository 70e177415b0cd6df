/** The colour of a letter's pixel is the caller's. */
export type Plot = (x: number, y: number) => void

const glyphWidth = 5
export const glyphHeight = 7

/** Seven rows of five bits, two hexadecimal digits a row. Capitals stand for small letters too. */
// prettier-ignore
const glyphs: Record<string, string> = {
  A: '0e11111f111111', B: '1e11111e11111e', C: '0e11101010110e', D: '1e11111111111e', E: '1f10101e10101f',
  F: '1f10101e101010', G: '0e11101711110f', H: '1111111f111111', I: '0e04040404040e', J: '0702020202120c',
  K: '11121418141211', L: '1010101010101f', M: '111b1515111111', N: '11191513111111', O: '0e11111111110e',
  P: '1e11111e101010', Q: '0e11111115120d', R: '1e11111e141211', S: '0f10100e01011e', T: '1f040404040404',
  U: '1111111111110e', V: '11111111110a04', W: '1111111515150a', X: '11110a040a1111', Y: '11110a04040404',
  Z: '1f01020408101f', 0: '0e11131519110e', 1: '040c040404040e', 2: '0e11010608101f', 3: '1f02040201110e',
  4: '02060a121f0202', 5: '1f101e0101110e', 6: '0608101e11110e', 7: '1f010204080808', 8: '0e11110e11110e',
  9: '0e11110f01020c', '-': '0000001f000000', _: '0000000000001f', '.': '00000000000c0c', ',': '000000000c0408',
  ':': '000c0c000c0c00', '%': '18190204081303', '(': '02040808080402', ')': '08040202020408', '/': '00010204081000',
  ' ': '00000000000000', '?': '0e110102040004',
}

export function textWidth(text: string, scale: number): number {
  return text.length * (glyphWidth + 1) * scale
}

/** Draws a line of text with its top left corner at (left, top). A character that has no glyph becomes a question mark. */
export function drawText(text: string, left: number, top: number, scale: number, plot: Plot): void {
  for (let i = 0; i < text.length; i++) {
    const rows = glyphs[text.charAt(i).toUpperCase()] ?? glyphs['?']
    for (let row = 0; row < glyphHeight; row++) {
      const bits = Number.parseInt(rows.slice(2 * row, 2 * row + 2), 16)
      for (let column = 0; column < glyphWidth; column++) {
        if (((bits >> (glyphWidth - 1 - column)) & 1) === 0) continue
        fillSquare(left + (i * (glyphWidth + 1) + column) * scale, top + row * scale, scale, plot)
      }
    }
  }
}

function fillSquare(left: number, top: number, side: number, plot: Plot): void {
  for (let y = top; y < top + side; y++) for (let x = left; x < left + side; x++) plot(x, y)
}
