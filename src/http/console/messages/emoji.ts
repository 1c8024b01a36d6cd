/**
 * An emoji, as the source of an expression: a flag, a key cap, or a picture with its colour of skin or tags, and several of these
 * joined (UTS #51, 1.4.9). `\p{RGI_Emoji}` knows exactly which there are, but takes 75 ms to compile, and V8 forgets compiled
 * expressions that are seldom used.
 */
const FLAG = String.raw`\p{RI}\p{RI}`
const KEY_CAP = String.raw`[#*\d]\u{FE0F}?\u{20E3}`
const COLOUR_OR_TAGS = String.raw`\p{EMod}|[\u{E0020}-\u{E007E}]+\u{E007F}`
const PICTURE = String.raw`(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\u{FE0F})(?:${COLOUR_OR_TAGS})?`
const COLOURED = String.raw`\p{Extended_Pictographic}\p{EMod}`
const ONE = `(?:${FLAG}|${KEY_CAP}|${PICTURE}|${COLOURED})`

export const EMOJI = String.raw`${ONE}(?:\u{200D}(?:${ONE}|\p{Extended_Pictographic}))*`
