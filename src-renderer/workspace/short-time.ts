/** A moment as lists show it: the time where it is today, else the day too. */
export function shortTime(milliseconds: number, now = Date.now()): string {
  const at = new Date(milliseconds)
  const isToday = at.toDateString() === new Date(now).toDateString()
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  return isToday ? time : `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${time}`
}
