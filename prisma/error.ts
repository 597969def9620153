/** A database that can not be had; the message is for the operator and says what to do. */
export class DatabaseError extends Error {}
