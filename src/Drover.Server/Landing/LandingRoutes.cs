using Drover.Api;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Landing;

/// <summary>What shows how a ticket lands, and lets a human decide on it.</summary>
internal static class LandingRoutes
{
    public static void Map(Routes routes, Journal journal, RunPlace place)
    {
        foreach (var (verb, word) in ((string, LandingWord)[])[("approve", LandingWord.Approve), ("merge", LandingWord.Merge)])
        {
            routes.Command<DecideJson, (CommitSha? Head, string? Read), LandingJson>("POST", $"/tickets/{{ticket}}/{verb}", Access.Human, 202,
                async (ask, body) => (await Head(journal, place, ask.Ticket, ask.Http.RequestAborted), body.Head),
                (ask, found, tx) =>
                {
                    if (found.Read is { } read && found.Head?.Value.StartsWith(read, StringComparison.OrdinalIgnoreCase) != true)
                        throw new Refusal(Problems.TooLate, $"the branch has moved on to {found.Head?.Short ?? "nowhere"} since {read}; read it again: drover diff {ask.Ticket}", "head");
                    LandingCommands.Say(tx, ask.Ticket, found.Head, word, ask.Who);
                    return Show(tx, ask.Ticket);
                });
        }

        routes.Query("/tickets/{ticket}/landing", Access.OwnTicket, ask => journal.Read(db => Show(db, ask.Ticket)));
    }

    /// <summary>The newest landing of a ticket, or where its work stands without one.</summary>
    private static LandingJson Show(Db db, TicketKey key)
    {
        var ticket = TicketTable.Get(db, key) ?? throw new Refusal(Problems.TicketNotFound, $"there is no ticket {key}; 'drover ticket list' shows what there is");
        return LandingTable.Of(db, key) is [var newest, ..]
            ? new(key.ToString(), newest.Attempt.ToString(), newest.State.Word(), newest.New?.Value, newest.Reason)
            : new(key.ToString(), AttemptTable.Of(db, key) is [.., var attempt] ? attempt.Id.ToString() : null, ticket.Stage.Word(), null, null);
    }

    private static async Task<CommitSha?> Head(Journal journal, RunPlace place, TicketKey key, CancellationToken ct)
    {
        var (attempt, project) = journal.Read(db => AttemptTable.Of(db, key) is [.., var newest] ? (newest, ProjectTable.Get(db, newest.Project)) : (null, null));
        if (attempt is null || project is null) return null;
        return await (await place.Projects.Get(project, ct)).Repository.Resolve(attempt.Branch, ct);
    }
}
