using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Scheduling;

/// <summary>Asks the scheduler's own rules about one ticket, on the board as it is.</summary>
internal sealed class WhyWaiting(StartRun start, Boards boards, Journal journal, TimeProvider time)
{
    /// <summary>Null when the ticket needs no agent.</summary>
    public async Task<Why?> Of(TicketKey key, CancellationToken ct)
    {
        if (journal.Read(db => BoardTable.Get(db, key)) is not { } ticket || Scheduler.Needs(ticket) is null) return null;
        try
        {
            var ground = await start.Ground(key, ct);
            var decisions = Scheduler.Tick(journal.Read(db => boards.Whole(db, [ground], time.GetUtcNow())));
            return decisions.FirstOrDefault(d => d.Ticket == key) is { } decision ? WaitingWords.Of(decision) : null;
        }
        catch (Exception e) when (GroundTrouble.Is(e))
        {
            return new(Drover.Api.Problems.UnusableRepository.Code, $"Nothing starts in its project: {e.Message}");
        }
        catch (Refusal refusal)
        {
            return new(refusal.Kind.Code, $"Nothing starts in its project: {refusal.Message}");
        }
    }
}
