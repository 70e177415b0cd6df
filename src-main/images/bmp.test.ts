import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decodeBmp } from './bmp.ts'

/** Writes a BMP by the definition of the format, bit by bit. */
function encode(
  indices: number[][],
  options: { bits: number; topDown?: boolean; palette?: number[][]; masks?: number[]; gap?: number },
): Buffer {
  const { bits, topDown = false, palette = [], masks = [], gap = 0 } = options
  const [width, height] = [indices[0].length, indices.length]
  const offset = 54 + 4 * masks.length + 4 * palette.length + gap
  const stride = Math.ceil((width * bits) / 32) * 4
  const file = Buffer.alloc(offset + stride * height)
  file.write('BM')
  file.writeUInt32LE(offset, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(topDown ? -height : height, 22)
  file.writeUInt16LE(bits, 28)
  file.writeUInt32LE(masks.length > 0 ? 3 : 0, 30)
  file.writeUInt32LE(palette.length, 46)
  masks.forEach((mask, i) => file.writeUInt32LE(mask, 54 + 4 * i))
  palette.forEach(([r, g, b], i) => file.set([b, g, r], 54 + 4 * masks.length + 4 * i))
  indices.forEach((row, y) => {
    const at = offset + stride * (topDown ? y : height - 1 - y)
    row.forEach((value, x) => {
      if (bits < 8) file[at + Math.floor((x * bits) / 8)] |= value << (8 - bits - ((x * bits) % 8))
      else file.writeUIntLE(value, at + (x * bits) / 8, bits / 8)
    })
  })
  return file
}

const grid = (largest: number) =>
  fc
    .record({ width: fc.integer({ min: 1, max: 19 }), height: fc.integer({ min: 1, max: 5 }) })
    .chain(({ width, height }) =>
      fc.array(fc.array(fc.nat(largest), { minLength: width, maxLength: width }), {
        minLength: height,
        maxLength: height,
      }),
    )

describe('decodeBmp', () => {
  it.each([1, 4, 8])('reads %i bits with a palette, any width, either way up, with a gap before the pixels', (bits) => {
    const palette = Array.from({ length: 2 ** bits }, (_, i) => [i, 255 - i, (i * 7) % 256])
    fc.assert(
      fc.property(grid(2 ** bits - 1), fc.boolean(), fc.nat(20), (indices, topDown, gap) => {
        const image = decodeBmp(encode(indices, { bits, topDown, palette, gap }))
        expect(image).toMatchObject({ width: indices[0].length, height: indices.length })
        expect([...image.data]).toEqual(indices.flat().flatMap((index) => palette[index]))
      }),
    )
  })

  it('reads 24 bits', () => {
    fc.assert(
      fc.property(grid(0xffffff), fc.boolean(), (indices, topDown) => {
        const image = decodeBmp(encode(indices, { bits: 24, topDown }))
        expect([...image.data]).toEqual(indices.flat().flatMap((v) => [v >> 16, (v >> 8) & 255, v & 255]))
      }),
    )
  })

  it('reads 32 bits, and leaves alpha out', () => {
    const image = decodeBmp(encode([[0x00102030, 0xff405060]], { bits: 32 }))
    expect([...image.data]).toEqual([0x10, 0x20, 0x30, 0x40, 0x50, 0x60])
  })

  it('reads 16 bits, and masks, also one that reaches the sign bit', () => {
    expect([...decodeBmp(encode([[0x7fff, 0x7c00, 0x001f]], { bits: 16 })).data]).toEqual([
      255, 255, 255, 255, 0, 0, 0, 0, 255,
    ])
    const fiveSixFive = { bits: 16, masks: [0xf800, 0x07e0, 0x001f] }
    expect([...decodeBmp(encode([[0xf800, 0x07e0]], fiveSixFive)).data]).toEqual([255, 0, 0, 0, 255, 0])
    const turned = { bits: 32, masks: [0xff000000, 0x00ff0000, 0x0000ff00] }
    expect([...decodeBmp(encode([[0x10203000, 0xff00fe00]], turned)).data]).toEqual([0x10, 0x20, 0x30, 255, 0, 254])
  })

  it('names a file that is too short, compressed or unknown', () => {
    const whole = encode([[1, 2, 3]], { bits: 24 })
    expect(() => decodeBmp(whole.subarray(0, -4))).toThrow('shorter than its header')
    const changed = (at: number, value: number) => {
      const file = Buffer.from(whole)
      file.writeUInt16LE(value, at)
      return file
    }
    expect(() => decodeBmp(changed(30, 1))).toThrow('compressed')
    expect(() => decodeBmp(changed(28, 7))).toThrow('7 bits')
    expect(() => decodeBmp(changed(18, 0))).toThrow('width or height')
    expect(() => decodeBmp(changed(14, 13))).toThrow('13 bytes')
  })
})
