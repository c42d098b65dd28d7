using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Landing;

/// <summary>Sends work back to its coder with what was found wrong with it. The same finding at the same commit is told once: a second time it would help nobody.</summary>
internal static class SendBack
{
    private static readonly Principal s_actor = Principal.Server("landing");

    /// <param name="fingerprint">What makes the finding the same as an earlier one of its kind: the commit at least.</param>
    /// <param name="text">What the coder is told.</param>
    /// <param name="reason">The same in a sentence, for people.</param>
    public static void Do(Tx tx, TicketKey key, string kind, string fingerprint, string text, string reason, PipelineLimits limits)
    {
        var ticket = TicketTable.Get(tx, key)!;
        var finding = new FeedbackRow(key, kind, fingerprint, text, tx.Now);
        var move = Pipeline.SentBack(new(ticket.Stage, ticket.Held is not null, ReviewWay.None, ticket.Pace.Retries, ticket.Pace.Rounds), reason, limits);
        if (move is PipelineMove.Stay) return;
        if (!FeedbackTable.Insert(tx, finding) && move is PipelineMove.Back && FeedbackTable.WasTold(tx, finding))
            move = new PipelineMove.Block($"{reason}, as it did when the same commit was sent back before");
        Moves.Apply(tx, ticket, move, s_actor);
    }
}
