using Drover.Api;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Status;

namespace Drover.Server.Inbox;

/// <summary>What waits for a human, and their answers.</summary>
internal static class InboxRoutes
{
    private const int Shown = 200;

    public static void Map(Routes routes, Journal journal)
    {
        routes.Query("/inbox", Access.Owner, _ => journal.Read(db => new InboxJson(
            [.. ApprovalTable.Pending(db, Shown).Select(a => ApprovalView.Show(db, a))], [.. TicketTable.Attention(db, Shown).Select(t => StatusRoutes.Waiting(db, t))])));
        routes.Query("/approvals/{approval}", Access.Owner, ask => journal.Read(db => ApprovalView.Show(db, ApprovalCommands.Find(db, ask.Part("approval")))));
        routes.Command<AnswerJson, ApprovalJson>("POST", "/approvals/{approval}/answer", Access.Human, 202, (ask, body, tx) =>
            ApprovalView.Show(tx, ApprovalCommands.Answer(tx, ApprovalCommands.Find(tx, ask.Part("approval")), body.Answer, body.Why, ask.Who)));
    }
}
