import type { Component } from 'svelte'
import ExploreScreen from './explore/ExploreScreen.svelte'
import LabelScreen from './label/LabelScreen.svelte'
import OverviewScreen from './overview/OverviewScreen.svelte'
import ReviewScreen from './review/ReviewScreen.svelte'
import RunsScreen from './runs/RunsScreen.svelte'
import type { ScreenId } from './screen-id.ts'
import TrainScreen from './train/TrainScreen.svelte'

/** A screen is a component that fills the room between top bar and status bar. */
export const screens: Record<ScreenId, Component> = {
  overview: OverviewScreen,
  label: LabelScreen,
  review: ReviewScreen,
  explore: ExploreScreen,
  train: TrainScreen,
  runs: RunsScreen,
}
