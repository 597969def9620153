/** Ends a request with a status and `{error: {id, message}}`; ids are stable, messages are for people. */
export class ApiError extends Error {
  readonly statusCode: number;
  readonly id: string;

  constructor(statusCode: number, id: string, message: string) {
    super(message);
    this.statusCode = statusCode;
    this.id = id;
  }
}
