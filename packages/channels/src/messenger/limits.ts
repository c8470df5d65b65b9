/*
 * What a message may hold: Meta, Send API reference, "Button template" and "Quick replies". Meta does not say in what
 * it counts; UTF-16 code units are the safe reading for the texts that we send.
 */

/** Of a text message. */
export const TEXT_LENGTH = 2000;
/** Of the text above a button. */
export const BUTTON_TEXT_LENGTH = 640;
/** Of the title of a button or a quick reply. */
export const TITLE_LENGTH = 20;
/** Quick replies under one message. */
export const QUICK_REPLIES = 13;
/** Of a quick reply's payload. */
export const PAYLOAD_LENGTH = 1000;
