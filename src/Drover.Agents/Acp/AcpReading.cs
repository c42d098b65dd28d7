using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Acp;

/// <summary>Reads the agent's lines: requests to us, notifications, and responses to our requests.</summary>
internal static class AcpReading
{
    public static void Read(Draft<AcpState> draft, JsonElement line)
    {
        var method = line.Text("method");
        var id = line.At("id");
        if (method is not null && Rpc.RawId(id) is { } rawId) AcpQuestions.Requested(draft, rawId, method, line.At("params"), line);
        else if (method == "session/update" && line.At("params", "update").ValueKind == JsonValueKind.Object) AcpUpdates.Read(draft, line.At("params", "update"), line);
        else if (method is null && id.Whole() is { } number && (line.At("result").Exists() || line.At("error").Exists())) Answered(draft, number, line);
        else Raw(draft, line);
    }

    public static void Raw(Draft<AcpState> draft, JsonElement line) => draft.Say(new AgentEvent.Raw(Bounded.Json(line)));

    /// <summary>The agent works on the prompt that was written: it has read it.</summary>
    public static void Started(Draft<AcpState> draft)
    {
        if (draft.State.Flights is not [{ Started: false } flight, ..]) return;
        draft.State = draft.State with { Flights = [flight with { Started = true }, .. draft.State.Flights.Skip(1)] };
        if (!draft.State.Turn.Begun) draft.Say(new AgentEvent.TurnStarted());
        draft.State = draft.State with { Turn = draft.State.Turn with { Begun = true } };
        draft.Say(new AgentEvent.MessageAccepted(flight.Message));
    }

    private static void Answered(Draft<AcpState> draft, long id, JsonElement line)
    {
        if (draft.State.Flights.FirstOrDefault(f => f.Id == id) is { } flight) AcpEnding.Response(draft, flight, line);
        else if (id is > 0 and <= int.MaxValue) AcpOpening.Answered(draft, (int)id, line);
        else Raw(draft, line);
    }
}
