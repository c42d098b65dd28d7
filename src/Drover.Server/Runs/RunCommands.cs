using Drover.Api;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>What humans and scripts do to runs. Each is one transaction that records the wish; the run's loop carries it out.</summary>
internal static class RunCommands
{
    private const int LongestMessage = 256 * 1024;
    private const int LongestReason = 1000;

    /// <summary>Wants the run to end. A second wish changes nothing: the first reason stays.</summary>
    /// <exception cref="Refusal">It has ended.</exception>
    public static void Stop(Tx tx, RunRow run, string? reason, Principal who)
    {
        if (run.State == RunState.Settled) throw new Refusal(Problems.NotLive, HowItEnded(run));
        var why = string.IsNullOrWhiteSpace(reason) ? "no reason given" : reason.Trim();
        if (why.Length > LongestReason) throw new Refusal(Problems.TooLarge, $"is at most {LongestReason} characters", "reason");
        if (RunTable.RequestStop(tx, run.Id, new(who, why))) tx.Emit(EventTypes.RunStopWanted, About(run), who, EventBody.Object(("reason", why)));
    }

    /// <summary>Tells a live run something; the answer says how far it has come, the feed how it goes on.</summary>
    /// <exception cref="Refusal">It is not live: nobody would read it.</exception>
    public static SteerRow Say(Tx tx, RunRow run, string? text, SteerMode mode, MessageId id, Principal who)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new Refusal(Problems.InvalidValue, "is needed", "text");
        if (text.Length > LongestMessage) throw new Refusal(Problems.TooLarge, $"is at most {LongestMessage} characters", "text");
        if (text.Contains('\0')) throw new Refusal(Problems.InvalidValue, "holds a zero byte", "text");
        if (run.State == RunState.Settled) throw new Refusal(Problems.NotLive, HowItEnded(run));
        if (run.State == RunState.Stopping || run.Stop is not null) throw new Refusal(Problems.NotLive, $"{run.Name} is being ended; nobody would read it");
        var steer = new SteerRow(id, run.Id, text, mode, SteerState.Queued, null, who, null, tx.Now, null, null);
        SteerTable.Insert(tx, steer);
        tx.Emit(EventTypes.SteerQueued, About(run), who, EventBody.Object(
            ("steer", id.Value), ("mode", mode.Word()), ("text", text.Length > Slim.Inline ? text[..Slim.Inline] : text)));
        return steer;
    }

    public static string HowItEnded(RunRow run) => run.Ending is { } ending
        ? $"{run.Name} is not live: it {Verb(ending.Outcome)} ({ending.Reason}). 'drover run resume {run.Name}' goes on with it, 'drover run refine {run.Name} TEXT' has it changed, 'drover run start {run.Ticket}' begins a new one"
        : $"{run.Name} is not live";

    private static string Verb(Outcome outcome) => outcome switch
    {
        Outcome.Succeeded => "succeeded",
        Outcome.Failed => "failed",
        Outcome.Interrupted => "was interrupted",
        Outcome.Stopped => "was stopped",
        Outcome.Lost => "was lost",
    };

    private static Subject About(RunRow run) => new(run.Project, run.Ticket, run.Id);
}
