using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Acp;

/// <summary>Commands that the agent wants run for it, where that was offered. What they may reach is decided by whoever runs them; whether they are run is asked like any other
/// of the agent's deeds.</summary>
internal static class AcpTerminals
{
    /// <summary>The most commands at a time, and the most requests that wait for one of them.</summary>
    private const int Most = 16, MostWaiting = 64;

    public static bool Knows(string method) => method is "terminal/create" or "terminal/output" or "terminal/wait_for_exit" or "terminal/kill" or "terminal/release";

    public static void Requested(Draft<AcpState> draft, string rawId, string method, JsonElement parameters)
    {
        if (draft.State.Closed || IsKnown(draft.State, rawId)) return;
        if (method == "terminal/create") Ask(draft, rawId, parameters);
        else if (draft.State.Commands.FirstOrDefault(t => t.Id == parameters.Text("terminalId")) is not { ReleasedBy: null } terminal)
            Write(draft, Rpc.Error(rawId, AcpFrames.ResourceNotFound, $"Resource not found: there is no terminal '{parameters.Text("terminalId")}' here, or no longer"));
        else if (terminal.Looks.Count + terminal.Waits.Count + terminal.Kills.Count >= MostWaiting)
            Write(draft, Rpc.Error(rawId, AcpFrames.InternalError, "too many requests wait for this terminal"));
        else Asked(draft, rawId, method, terminal);
    }

    /// <summary>A human, or policy, has decided about a command.</summary>
    public static void Answered(Draft<AcpState> draft, Terminal terminal, Input.Answer answer)
    {
        if (answer.Allow) Add(draft, terminal);
        else Write(draft, Rpc.Error(terminal.AskedBy, AcpFrames.InternalError, $"this command is not permitted: {answer.Why ?? "denied"}"));
    }

    public static ReadOnlyMemory<byte> TooLate(string rawId) => Rpc.Error(rawId, AcpFrames.InternalError, "the turn was ended before the command was started");

    /// <summary>The turn is being ended, and what it had started with it.</summary>
    public static void EndAll(Draft<AcpState> draft)
    {
        foreach (var terminal in draft.State.Commands.Where(t => t is { Wish: TerminalWish.Run, Phase: not TerminalPhase.Over })) Keep(draft, terminal with { Wish = TerminalWish.End });
    }

    public static void Started(Draft<AcpState> draft, Input.TerminalStarted started)
    {
        if (Find(draft, started.Terminal) is not { Phase: TerminalPhase.Asked } terminal) return;
        if (started.Why is { } why)
        {
            Remove(draft, terminal);
            Write(draft, Rpc.Error(terminal.AskedBy, AcpFrames.InternalError, why));
            return;
        }

        Keep(draft, terminal with { Phase = TerminalPhase.Running });
        // The turn in which it was asked for may be over: then it is no work of the next one.
        if (draft.State.Works) draft.State = draft.State with { Turn = draft.State.Turn with { CalledTools = true } };
        draft.Say(new AgentEvent.ToolCalled(CallId(terminal), "terminal", Frame.Text(json =>
        {
            json.Words("command", Bounded.Text(AcpAsked.Line(terminal.Arguments)));
            if (terminal.Directory is { } directory) json.Words("directory", directory);
        }))
        { InBackground = true });
        Write(draft, AcpFrames.Started(terminal.AskedBy, terminal.Id));
    }

    public static void Output(Draft<AcpState> draft, Input.TerminalOutput output)
    {
        if (draft.State.Commands.FirstOrDefault(t => t.Looks.Contains(output.RequestId)) is not { } terminal) return;
        Keep(draft, terminal with { Looks = [.. terminal.Looks.Where(l => l != output.RequestId)] });
        Write(draft, AcpFrames.Output(output.RequestId, terminal, output.Text, output.IsCut));
    }

    public static void Exited(Draft<AcpState> draft, Input.TerminalExited exited)
    {
        if (Find(draft, exited.Terminal) is { Phase: TerminalPhase.Running } terminal) Keep(draft, End(draft, terminal, exited.Code));
    }

    public static void Released(Draft<AcpState> draft, Input.TerminalReleased released)
    {
        if (Find(draft, released.Terminal) is not { ReleasedBy: { } by } terminal) return;
        if (terminal.Phase == TerminalPhase.Running) terminal = End(draft, terminal, null);
        Remove(draft, terminal);
        foreach (var look in terminal.Looks) Write(draft, AcpFrames.Output(look, terminal, "", isCut: true));
        Write(draft, AcpFrames.Done(by));
    }

    private static void Ask(Draft<AcpState> draft, string rawId, JsonElement parameters)
    {
        var state = draft.State;
        if (AcpCommand.Read(rawId, $"drover-{state.LastCommand + 1}", parameters, out var wrong) is not { } terminal)
        {
            Write(draft, Rpc.Error(rawId, AcpFrames.InvalidParameters, wrong));
            return;
        }

        AcpReading.Started(draft);
        state = draft.State with { LastCommand = state.LastCommand + 1 };
        draft.State = state;
        if (state.Cancelling || !state.Works) Write(draft, TooLate(rawId));
        else if (state.Commands.Count + state.Questions.Count(q => q.Command is not null) >= Most)
            Write(draft, Rpc.Error(rawId, AcpFrames.InternalError, $"there are {Most} terminals already: release those that have ended"));
        else if (!state.Asks && state.Sandboxed) Add(draft, terminal);
        else
        {
            draft.State = state with { Questions = [.. state.Questions, new(rawId, null, null, terminal)] };
            draft.Say(new AgentEvent.ApprovalAsked(rawId, "execute", Bounded.Json(parameters)) { What = AcpCommand.What(terminal, parameters, state.WorkingDirectory) });
        }
    }

    private static void Asked(Draft<AcpState> draft, string rawId, string method, Terminal terminal)
    {
        var isOver = terminal.Phase == TerminalPhase.Over;
        switch (method)
        {
            case "terminal/output": Keep(draft, terminal with { Looks = [.. terminal.Looks, rawId] }); break;
            case "terminal/wait_for_exit" when isOver: Write(draft, AcpFrames.Exited(rawId, terminal.Code)); break;
            case "terminal/wait_for_exit": Keep(draft, terminal with { Waits = [.. terminal.Waits, rawId] }); break;
            case "terminal/kill" when isOver: Write(draft, AcpFrames.Done(rawId)); break;
            case "terminal/kill": Keep(draft, terminal with { Wish = TerminalWish.End, Kills = [.. terminal.Kills, rawId] }); break;
            case "terminal/release": Keep(draft, terminal with { Wish = TerminalWish.Release, ReleasedBy = rawId }); break;
        }
    }

    private static Terminal End(Draft<AcpState> draft, Terminal terminal, int? code)
    {
        var over = terminal with { Phase = TerminalPhase.Over, Code = code, Waits = [], Kills = [] };
        draft.Say(new AgentEvent.ToolReturned(CallId(terminal), code is null ? "it was ended" : $"it ended with exit code {code}", code != 0) { InBackground = true });
        foreach (var wait in terminal.Waits) Write(draft, AcpFrames.Exited(wait, code));
        foreach (var kill in terminal.Kills) Write(draft, AcpFrames.Done(kill));
        return over;
    }

    /// <summary>Nothing is said to an agent whose input is closed.</summary>
    private static void Write(Draft<AcpState> draft, ReadOnlyMemory<byte> frame)
    {
        if (!draft.State.Closed) draft.Write(frame);
    }

    private static bool IsKnown(AcpState state, string rawId) => state.Questions.Any(q => q.RawId == rawId)
        || state.Commands.Any(t => t.AskedBy == rawId || t.ReleasedBy == rawId || t.Looks.Contains(rawId) || t.Waits.Contains(rawId) || t.Kills.Contains(rawId));

    private static string CallId(Terminal terminal) => $"terminal {terminal.Id}";

    private static Terminal? Find(Draft<AcpState> draft, string id) => draft.State.Commands.FirstOrDefault(t => t.Id == id);

    private static void Add(Draft<AcpState> draft, Terminal terminal) => draft.State = draft.State with { Commands = [.. draft.State.Commands, terminal] };

    private static void Keep(Draft<AcpState> draft, Terminal terminal) =>
        draft.State = draft.State with { Commands = [.. draft.State.Commands.Select(t => t.Id == terminal.Id ? terminal : t)] };

    private static void Remove(Draft<AcpState> draft, Terminal terminal) => draft.State = draft.State with { Commands = [.. draft.State.Commands.Where(t => t.Id != terminal.Id)] };
}
