/** Why a call failed, as the catalogue of errors says it. */
export class CallError extends Error {
  /** The id in the catalogue, such as "not_found". */
  readonly id: string;
  readonly status: number;
  /** The id of the request, to find it in the server's log. */
  readonly request: string;

  constructor(sentence: string, { id, status, request }: { id: string; status: number; request: string }) {
    super(sentence);
    this.id = id;
    this.status = status;
    this.request = request;
  }
}

interface Envelope {
  readonly error?: {
    readonly id?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly request?: string;
    readonly status?: string;
  };
}

/** Reads why a server has refused a call. */
export async function readError(response: Response): Promise<CallError> {
  const { error = {} } = (await response.json().catch(() => ({}))) as Envelope;
  const sentence = error.reason || error.message || `The server answered ${response.status} ${response.statusText}.`;
  return new CallError(sentence, {
    id: error.id || (error.status ?? "").toLowerCase().replaceAll(" ", "_") || String(response.status),
    status: response.status,
    request: error.request ?? "",
  });
}

/** What is told where no server has answered. */
export const unreachable = (): CallError =>
  new CallError("The server cannot be reached. Is it running?", { id: "unreachable", status: 0, request: "" });
