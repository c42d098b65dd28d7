import { useState } from "react";
import { ApiError, post } from "../wire/api";
import type { Reason, Run } from "../wire/types";

/** Stops a run, after a second click. */
export function StopButton({ run }: { run: string }) {
  const [step, setStep] = useState<"idle" | "sure" | "busy">("idle");
  const [error, setError] = useState<string | null>(null);

  const stop = async () => {
    setStep("busy");
    setError(null);
    try {
      const asked: Reason = { reason: "stopped from the page" };
      await post<Run>(`/runs/${encodeURIComponent(run)}/stop`, asked);
    } catch (e) {
      setError(e instanceof ApiError ? e.message : String(e));
    }

    setStep("idle");
  };

  return (
    <div className="stop">
      {step === "sure" ? (
        <>
          <button type="button" className="danger" onClick={() => void stop()}>
            Stop the run
          </button>
          <button type="button" onClick={() => setStep("idle")}>
            Let it go on
          </button>
        </>
      ) : (
        <button type="button" disabled={step === "busy"} onClick={() => setStep("sure")}>
          {step === "busy" ? "Stopping…" : "Stop"}
        </button>
      )}
      {error !== null && (
        <p className="problem" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
