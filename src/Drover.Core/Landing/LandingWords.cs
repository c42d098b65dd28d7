using System.Globalization;

namespace Drover.Core;

/// <summary>How far a ticket's landing has come, as a sentence for people.</summary>
public static class LandingWords
{
    /// <param name="reason">What the landing waits for or came to, as it was recorded.</param>
    /// <param name="passed">How many gates have passed on the tree that would land.</param>
    public static string Of(TicketKey key, LandingState state, BranchName target, string? reason, int passed) => state switch
    {
        LandingState.Made => $"{key}: the commit that {target} would become is made; {(reason is null ? "its gates come next" : $"it {reason}")}.",
        LandingState.Testing => $"{key}: the gates run on the tree that would land; {passed.ToString(CultureInfo.InvariantCulture)} passed so far.",
        LandingState.Tested => $"{key} {reason ?? "has passed its gates and is about to land"}.",
        LandingState.Intended => reason is null ? $"{key} is landing on {target} right now." : $"{key} cannot land yet: {reason}.",
        LandingState.Raced or LandingState.Abandoned => $"{key} is landed anew: {reason}.",
        LandingState.Landed => $"{key} has landed on {target}.",
        LandingState.Conflict or LandingState.Failed => $"{key}: the last try failed ({reason}); the next begins by itself.",
    };
}
