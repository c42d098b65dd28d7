using Drover.Api;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Inbox;

/// <summary>A human's answer to an agent's question: one row that is decided once. The run's loop carries it to the agent.</summary>
internal static class ApprovalCommands
{
    private const int LongestWhy = 10_000;

    /// <summary>An id, or its beginning. Of those that begin so, one that waits comes before those that are settled.</summary>
    /// <exception cref="Refusal">There is none, or more than one begins so.</exception>
    public static ApprovalRow Find(Db db, string named)
    {
        var text = named.ToLowerInvariant();
        if (ApprovalTable.Get(db, new(text)) is { } exact) return exact;
        var begins = text.Length >= 4 ? ApprovalTable.Pending(db, 1000).FindAll(a => a.Id.Value.StartsWith(text, StringComparison.Ordinal)) : [];
        if (begins.Count == 0 && text.Length >= 4) begins = ApprovalTable.Beginning(db, text, 100);
        return begins switch
        {
            [var one] => one,
            [] => throw new Refusal(Problems.NotFound, $"there is no approval '{named}'; 'drover inbox' shows what waits"),
            _ => throw new Refusal(Problems.NotFound, $"{begins.Count} approvals begin with '{named}'; write more of the id"),
        };
    }

    /// <exception cref="Refusal">It has been settled, its run is being ended, or an agent asks.</exception>
    public static ApprovalRow Answer(Tx tx, ApprovalRow asked, string? answer, string? why, Principal who)
    {
        if (!who.IsHuman) throw new Refusal(Problems.HumanOnly, "only a human answers what an agent asks");
        var state = answer switch
        {
            "allow" => ApprovalState.Allowed,
            "deny" => ApprovalState.Denied,
            _ => throw new Refusal(Problems.InvalidValue, "is 'allow' or 'deny'", "answer"),
        };
        if (why is { Length: > LongestWhy }) throw new Refusal(Problems.TooLarge, $"is at most {LongestWhy} characters", "why");
        if (why?.Contains('\0') == true) throw new Refusal(Problems.InvalidValue, "holds a zero byte", "why");
        var run = RunTable.Get(tx, asked.Run)!;
        if (asked.State == ApprovalState.Pending && (run.State is RunState.Stopping or RunState.Settled || run.Stop is not null || run.Fault is not null))
            throw new Refusal(Problems.NotLive, $"{run.Name} is being ended; nobody would read the answer");
        if (!ApprovalSettling.Settle(tx, run, asked.Id, state, who, string.IsNullOrWhiteSpace(why) ? null : why.Trim()))
            throw new Refusal(Problems.AlreadySettled, HowItWasSettled(ApprovalTable.Get(tx, asked.Id)!));
        return ApprovalTable.Get(tx, asked.Id)!;
    }

    private static string HowItWasSettled(ApprovalRow row) => $"it is {row.State.Word()} already, by {row.By}{(row.Why is { } why ? $": {why}" : "")}";
}
