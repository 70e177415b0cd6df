/** The screens of an open project; screens.ts says what each one is. */
export const screenIds = ['overview', 'label', 'review', 'explore', 'train', 'runs'] as const
export type ScreenId = (typeof screenIds)[number]
