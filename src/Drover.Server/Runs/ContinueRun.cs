using Drover.Api;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>How a settled run is gone on with.</summary>
internal enum Continuation
{
    /// <summary>Go on where it stopped.</summary>
    Resume,

    /// <summary>Its work is there, and somebody has something to say about it.</summary>
    Refine,
}

/// <summary>Goes on with a settled run: a new run of the same attempt, in the same worktree, with the same conversation where that can be had.</summary>
internal sealed class ContinueRun(StartRun start, Journal journal)
{
    /// <exception cref="Refusal">There is no such run, or nothing of it can be gone on with.</exception>
    public Task<RunGround> Ground(string named, CancellationToken ct)
    {
        // The rest is checked when it is reserved: a request that is repeated gets its first answer, whatever has become of the run since.
        var ticket = journal.Read(db =>
        {
            var run = RunRoutes.Find(db, named);
            if (run.Ticket is null) Check(db, run);
            return run.Ticket!.Value;
        });
        return start.Ground(ticket, ct);
    }

    /// <exception cref="Refusal">It cannot be gone on with.</exception>
    public RunRow Reserve(Tx tx, RunGround ground, string named, Continuation how, ContinueRunJson wish, Principal who)
    {
        var source = RunRoutes.Find(tx, named);
        Check(tx, source);
        if (how == Continuation.Refine && source.Conversation.Id is null)
            throw new Refusal(Problems.NoConversation, $"{source.Name} has recorded no conversation to refine; 'drover run start {source.Ticket} --instruction TEXT' has an agent go on in its worktree");
        if (source.State != RunState.Settled)
            throw new Refusal(Problems.StillLive, $"{source.Name} is live; 'drover say {source.Name} TEXT' tells it something, 'drover run stop {source.Name}' ends it");
        var said = string.IsNullOrWhiteSpace(wish.Text) ? how == Continuation.Refine ? GoOnPrompt.Refine : null : wish.Text.Trim();
        var entry = RunSettings.Parse(RunTable.OrderOf(tx, source.Id)!.Settings).Entry;
        var same = ground.Config.Agents.Any(a => a.Name == entry && a.Roles.Contains(source.Role)) ? entry : null;
        return start.Reserve(tx, ground, new(source.Ticket!.Value, wish.Agent ?? same, source.Role, said, false, false) { Source = source, Forks = wish.Fork }, who).OrRefuse();
    }

    /// <summary>That there is a worktree to go on in, or that it can be made again.</summary>
    private static void Check(Db db, RunRow source)
    {
        if (source.NoWorktree || source.Attempt is not { } id || source.Ticket is not { } ticket)
            throw new Refusal(Problems.WorktreeGone, $"{source.Name} worked without a worktree of its own, and only work in one can be gone on with; 'drover run start {source.Ticket} --no-worktree' starts another there");
        var attempt = AttemptTable.Get(db, source.Project, id)!;
        if (attempt.LandedAt is not null)
            throw new Refusal(Problems.WorktreeGone, $"the work of {source.Name} has landed, and its worktree is gone; file a new ticket for what is still to be done: drover ticket add");
        if (attempt.ClosedAt is not null || attempt.WorktreeState is WorktreeState.Removing or WorktreeState.Removed)
            throw new Refusal(Problems.WorktreeGone, $"{source.Name} has no worktree (it was cleaned up{(attempt.CloseReason is { } why ? $": {why}" : "")}); 'drover run start {ticket}' starts a fresh run, 'drover salvage list' shows what of its work was saved");
    }
}
