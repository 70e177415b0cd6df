/** Told apart also by the colour-blind (Okabe and Ito, https://jfly.uni-koeln.de/color/), brightened to be seen on photographs. */
export const classColours = [
  '#f5a800',
  '#56b4e9',
  '#e579b8',
  '#00c08b',
  '#f0e442',
  '#ff6f2c',
  '#3d8bff',
  '#b98cff',
] as const
