using Drover.Core;
using Drover.Server.Journaling;
using Drover.Server.Projects;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <summary>One pass over a project's tickets: those that may move are moved on, one after the other, and attempts that are over give their worktrees back.
/// One bad ticket never stops the others.</summary>
internal sealed partial class ProjectPass(RunPlace place, ProjectRow project, Resting resting, CancellationToken stop)
{
    public bool HasWork() => place.Journal.Read(db => Movable(db).Count > 0 || Leftover(db).Count > 0);

    public async Task Do()
    {
        foreach (var ticket in place.Journal.Read(Movable)) await Try(ticket.Key, () => new MoveTicket(place, project, ticket.Key, resting).Do(stop));
        foreach (var attempt in place.Journal.Read(Leftover)) await Try(attempt.Ticket!.Value, () => GiveBack(attempt));
    }

    private List<TicketRow> Movable(Db db) =>
        [.. ((Stage[])[Stage.Coding, Stage.Review, Stage.Merging]).SelectMany(s => TicketTable.InStage(db, s))
            .Where(t => t.Project == project.Id && t.Blocked is null && t.Held is null && !resting.Rests(t.Key))
            .Where(t => t.Stage == Stage.Merging ? MayLand(db, t) : AfterRun.IsOwed(db, t))];

    private static bool MayLand(Db db, TicketRow ticket) => RunTable.Of(db, ticket.Key).TrueForAll(r => r.State == RunState.Settled);

    /// <summary>Attempts that are over and whose worktree still stands.</summary>
    private List<AttemptRow> Leftover(Db db) => [.. AttemptTable.Leftover(db, project.Id).Where(a => !resting.Rests(a.Ticket!.Value))];

    private async Task GiveBack(AttemptRow attempt) => await new AttemptRemoval(place, await place.Projects.Get(project, stop), attempt)
        .Do(attempt.LandedAt is null ? "its ticket was cancelled" : "landed");

    private async Task Try(TicketKey key, Func<Task> step)
    {
        if (stop.IsCancellationRequested) return;
        try
        {
            await step();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server stops; the next one takes it up.
        }
        catch (Exception e)
        {
            // The loop's boundary: the ticket is tried again later and says so, the others go on.
            resting.HadTrouble(key);
            Trouble(place.Log, e, key.ToString());
            await Explain(key, e.Message);
        }
    }

    private async Task Explain(TicketKey key, string trouble)
    {
        try
        {
            await place.Journal.Do(Priority.Urgent, tx =>
            {
                if (LandingTable.Of(tx, key) is [{ } newest, ..] && newest.State.IsOpen())
                    LandingTable.Explain(tx, newest.Id, $"a step failed and is tried again: {trouble}");
            });
        }
        catch (Exception e) when (e is JournalWriteException or JournalClosedException)
        {
            Trouble(place.Log, e, key.ToString());
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Ticket {Ticket}: a step failed and will be tried again")]
    private static partial void Trouble(ILogger log, Exception error, string ticket);
}
