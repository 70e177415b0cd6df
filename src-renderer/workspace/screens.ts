import type { Component } from 'svelte'
import LabelScreen from './label/LabelScreen.svelte'
import type { ScreenId } from './screen-id.ts'

/** A screen is a component that fills the room between top bar and status bar. */
export const screens: Record<ScreenId, Component> = { label: LabelScreen }
