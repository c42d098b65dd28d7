using System.Globalization;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>A run's first prompt, from the rows as they are when it is started.</summary>
internal static class FirstPrompt
{
    public static string Write(RunPlace place, RunRow run, RunSettings settings, string? instruction)
    {
        if (run.ResumeVendorId is not null) return instruction ?? GoOnPrompt.Resume;
        var (ticket, attempt, earlier) = place.Journal.Read(db => (
            run.Ticket is { } key ? TicketTable.Get(db, key) : null,
            run.Attempt is { } id ? AttemptTable.Get(db, run.Project, id) : null,
            Earlier(db, run)));
        if (ticket is null) throw new LaunchRefusedException("a run without ticket has no first prompt yet");
        Workplace workplace = run.NoWorktree || attempt is not { Base: { } start }
            ? new Workplace.Checkout(run.Worktree ?? "")
            : new Workplace.Worktree(run.Worktree ?? attempt.Worktree!, attempt.Branch, start, new(settings.Target));
        instruction ??= Inherited(place, run.ResumeOf);
        var document = CoderPrompt.Write(
            new(ticket.Key, ticket.Title, ticket.Body, ticket.Kind, ticket.Priority.ToString(CultureInfo.InvariantCulture), ticket.Criteria), instruction, workplace, earlier).Render();
        return settings.Profile is { Length: > 0 } profile ? $"{profile.Trim()}\n\n{document}" : document;
    }

    /// <summary>What the nearest of the runs was told that this one goes on with: their conversation, which holds it, could not be had.</summary>
    private static string? Inherited(RunPlace place, RunId? earlier) => place.Journal.Read(db =>
    {
        for (var id = earlier; id is { } at; id = RunTable.Get(db, at)?.ResumeOf)
        {
            if (RunTable.OrderOf(db, at)?.Instruction is { } told) return told;
        }

        return null;
    });

    /// <summary>What was done before without the conversation that is begun now: by an earlier process of the run's own agent, else by the run that this one goes on with.</summary>
    private static EarlierRun? Earlier(Db db, RunRow run)
    {
        if (run.BegunAt is not null && TurnTable.Of(db, run.Id).FindLast(t => !t.IsUntaken)?.Result is { } turn)
            return new(run.Name, new(turn.Outcome, turn.Class, turn.Reason, RunActor.AgentOf(run.Id)), run.Result.Summary);
        return run.ResumeOf is { } source && RunTable.Get(db, source) is { Ending: { } ending } before ? new(before.Name, ending, before.Result.Summary) : null;
    }
}
