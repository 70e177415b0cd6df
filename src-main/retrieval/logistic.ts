/** log(p / (1 - p)). @param margin p counts as this far from 0 and 1 at least, which have no logit */
export function logit(p: number, margin: number): number {
  const inside = Math.min(1 - margin, Math.max(margin, p))
  return Math.log(inside / (1 - inside))
}

export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z))
}
