/** The words of the console's pages in English; those of messages are in `console/words.en.ts`. */
export const enPages = {
  product: 'RongCloud archive',
  skip: 'Skip to content',
  navigation: 'Console',
  sections: { conversations: 'Conversations', deliveries: 'Kept aside', accesses: 'Access log' },
  signOut: 'Sign out',
  notFound: 'Not found',
  failed: 'That did not work',
  toStart: 'To the conversations',
  nothing: 'There is nothing here.',
  firstPage: 'Back to the newest',
  nextPage: 'Older',
  filter: 'Filter',
  apply: 'Show',
  any: 'any',

  signIn: {
    title: 'Sign in',
    password: 'Password',
    button: 'Sign in',
    wrong: 'This is not the password.',
    wait: 'Too many wrong passwords. Try again in {seconds} s.',
  },

  accesses: {
    title: 'Access log',
    about: 'Who was shown what. A line is written before anything is shown.',
    time: 'Time',
    session: 'Session',
    address: 'Address',
    action: 'Action',
    subject: 'Number',
    detail: 'Asked for',
  },
  actions: {
    sign_in: 'signed in',
    sign_out: 'signed out',
    conversations: 'list of conversations',
    conversation: 'conversation',
    message: 'message and its history',
    voice: 'voice',
    content: 'whole content',
    deliveries: 'list of kept-aside callbacks',
    delivery: 'kept-aside callback',
    replay: 'replay',
    accesses: 'access log',
  },
}

export type PageWords = typeof enPages
