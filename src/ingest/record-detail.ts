/** What became of a message, in words for whoever replays it. */
export const DETAIL = {
  recorded: (id: number | null) => (id === null ? 'would become a new message' : `became message ${id}`),
  known: (id: number | null) => `is message ${id} again`,
  change: (id: number | null) => `is a change of message ${id}`,
  conflict: (id: number | null) => `message ${id} has this msgUID and other fields`,
}
