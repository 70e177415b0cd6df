interface Bounds {
  x: number
  y: number
  width: number
  height: number
}

/** As much of the title bar as a hand needs to take a window by it. */
const grip = { width: 120, height: 24 }

/** Whether a window there can be seen and moved: enough of its title bar is within one of the screens. */
export function isReachable({ x, y, width }: Bounds, workAreas: readonly Bounds[]): boolean {
  return workAreas.some((area) => {
    const seen = Math.min(x + width, area.x + area.width) - Math.max(x, area.x)
    return seen >= Math.min(grip.width, width) && y >= area.y && y + grip.height <= area.y + area.height
  })
}
