/** Letters, marks, digits, symbols and the like: what a platform does not take for an empty message. */
export const VISIBLE = /[^\s\p{C}\p{Z}\u115f\u1160\u3164\uffa0\u2800]/u;
