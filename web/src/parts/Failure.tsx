import type { ApiError } from "../wire/api";

/** What stands in the place of a view that could not be loaded. */
export function Failure({ error }: { error: ApiError }) {
  if (error.status === 401) {
    return (
      <section className="failure">
        <h1>This browser is not signed in</h1>
        <p>
          Run <code>drover open</code> in a terminal and follow the link that it prints. It works once and within a
          minute.
        </p>
      </section>
    );
  }

  return (
    <section className="failure" role="alert">
      <h1>{error.status === 404 ? "Not found" : "This could not be loaded"}</h1>
      <p>{error.message}</p>
    </section>
  );
}
