export { shapeOf, type ClassShape } from './class-shape.ts'
export { InstanceSplitter } from './instance-splitter.ts'
