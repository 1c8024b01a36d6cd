/** The words of the calendar of hours in English. */
export const enHours = {
  title: 'Completeness',
  about:
    'RongCloud writes a log of each hour and keeps it for three days. An hour is proven when its log has been read. Nothing else proves it.',
  off: 'RongCloud is not asked for its logs (RONGCLOUD_API is off), so no hour becomes proven.',
  hostRefused: 'The log of an hour could not be downloaded: {reason}',
  paused: 'RongCloud is not asked for the logs of this app for a while. It said: {reason}',
  app: 'App',
  day: 'Day',
  legend: 'What the signs mean',
  uncounted: 'The archive is being counted: {count} of its newest messages are not in these numbers yet.',
  hour: '{time}, {state}: {received} received, {filled} filled in from the log, {queried} from the message history, {duplicates} repeats, {refused} refused, {notStored} not stored, {keptAside} kept aside',
  states: { proven: 'proven', open: 'open', gap: 'gap', too_old: 'too old to prove' },
  meanings: {
    proven: "RongCloud's log of the hour was read to its end, and every message in it is in the archive.",
    open: 'Not proven, but RongCloud has the log or will have it. This includes the hour that is not over.',
    gap: 'There are signs that something is missing: the log is of other times than its hour, it came over plain http from a host that is not allowed, lines of it could not be read, or RongCloud has forgotten the log of an hour never proven, and callbacks that came in it were turned away.',
    too_old:
      'Never proven, and RongCloud has forgotten the log. There is no sign that anything is missing, and no proof that all is there.',
  },
  because: '. {reason}',
  reasons: {
    'times of the log do not fit its hour':
      'The times of the log do not fit its hour: most of its records are of other hours. See RONGCLOUD_LOG_ZONE.',
    'the log came over plain http from a host that is not allowed':
      'The log came over plain http from a host that RONGCLOUD_LOG_HOSTS does not name: anybody on the way could have changed it.',
    'lines of the log could not be read': 'Lines of the log could not be read; they are kept aside.',
    'callbacks were turned away, and the log is forgotten':
      'Callbacks that came in the hour were turned away, and RongCloud has forgotten its log.',
  },
  numbers: {
    received: 'Received',
    filled: 'Filled in from the log',
    queried: 'Filled in from the message history',
    duplicates: 'Repeats',
    refused: 'Refused',
    notStored: 'Not stored at first',
    keptAside: 'Kept aside',
  },
  provenAt: 'Proven',
  notProven: 'no',
  log: 'What was made of the log',
  ofLog: {
    read: 'Lines read',
    known: 'Known',
    filled: 'Filled in',
    different: 'Different from what is archived',
    unreadable: 'Unreadable',
    outside: 'Of other hours',
  },
  toDeliveries: 'To what was kept aside',
}
