/** A component and what its pixels show, on the part of the work image that its box covers. All arrays are row-major. */
export interface ComponentPicture {
  width: number
  height: number
  /** 1 in the component, 0 outside. */
  inside: Uint8Array
  /** RGB bytes, (height, width, 3). */
  colours: Uint8Array
  /** How fast the colours change, levels a pixel. */
  edges: Float32Array
  /** Of the component's class. */
  probabilities: Float32Array
}
