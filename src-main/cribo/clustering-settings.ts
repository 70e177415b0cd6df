export interface ClusteringSettings {
  /** Weight of the position cost against the similarity of tokens. */
  alpha: number
  iterations: number
  /** Of the Sinkhorn-Knopp algorithm: sharpness, and how often rows and columns are scaled. */
  lambda: number
  sinkhornIterations: number
  /** Added to every cluster's count of tokens, so that an empty one keeps a share. */
  countOffset: number
}

export const clusteringDefaults: ClusteringSettings = {
  alpha: 1,
  iterations: 5,
  lambda: 20,
  sinkhornIterations: 5,
  countOffset: 0.01,
}
