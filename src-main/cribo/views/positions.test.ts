import fc from 'fast-check'
import { expect, test } from 'vitest'
import { patchPositions } from './positions.ts'

const size = { width: 96, height: 64 }
const crops = fc.record({
  top: fc.nat(500),
  left: fc.nat(500),
  height: fc.integer({ min: 16, max: 400 }),
  width: fc.integer({ min: 16, max: 400 }),
})

function positionsOf(crop: Parameters<typeof patchPositions>[0], flip: boolean): number[][] {
  const positions = new Float32Array(6 * 4 * 2)
  patchPositions(crop, flip, size, positions)
  return Array.from({ length: 24 }, (_, i) => [positions[2 * i], positions[2 * i + 1]])
}

test('a patch lies where its middle was in the source, but for what the kernel loses at the edges of the crop', () => {
  fc.assert(
    fc.property(crops, (crop) => {
      positionsOf(crop, false).forEach(([x, y], i) => {
        const expectedX = crop.left + (((i % 6) + 0.5) / 6) * crop.width - 0.5
        const expectedY = crop.top + ((Math.floor(i / 6) + 0.5) / 4) * crop.height - 0.5
        expect(Math.abs(x - expectedX)).toBeLessThan(0.25)
        expect(Math.abs(y - expectedY)).toBeLessThan(0.25)
        expect(x >= crop.left - 0.1 && x <= crop.left + crop.width - 0.9).toBe(true)
      })
    }),
  )
})

test('a flip mirrors the columns of patches', () => {
  fc.assert(
    fc.property(crops, (crop) => {
      const upright = positionsOf(crop, false)
      const mirrored = upright.map((_, i) => upright[Math.floor(i / 6) * 6 + 5 - (i % 6)])
      expect(positionsOf(crop, true)).toEqual(mirrored)
    }),
  )
})
