import type { Problem } from "./types";

const root = "/api/v1";

/** A refusal by the server (with its problem), or `status` 0 when the server could not be asked at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export function apiUrl(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return root + path + (search.size > 0 ? `?${search}` : "");
}

/** @throws ApiError */
export async function get<T>(path: string, query: Query, signal: AbortSignal): Promise<T> {
  const response = await ask(apiUrl(path, query), { signal, headers: { Accept: "application/json" } });
  return (await response.json()) as T;
}

/** @throws ApiError */
export async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await ask(apiUrl(path), {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
    body: JSON.stringify(body),
  });
  return (await response.json()) as T;
}

/** A response that is good, whatever its body.
 * @throws ApiError */
export async function ask(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (e) {
    if (init.signal?.aborted) throw e;
    throw new ApiError(0, "unreachable", "the server does not answer; is it running? 'drover up' starts it");
  }

  if (response.ok) return response;
  throw await refusal(response);
}

async function refusal(response: Response): Promise<ApiError> {
  const said = (await response.json().catch(() => null)) as Partial<Problem> | null;
  return new ApiError(
    response.status,
    said?.code ?? "unknown",
    said?.detail ?? `the server answered ${response.status}`,
  );
}
