/** TensorFlow's numbers for the types of elements (tensorflow/core/framework/types.proto). */
export const dataTypes = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  string: 7,
  int64: 9,
  bool: 10,
  bfloat16: 14,
} as const

export type DataTypeName = keyof typeof dataTypes

export function isDataTypeName(text: string): text is DataTypeName {
  return Object.hasOwn(dataTypes, text)
}
