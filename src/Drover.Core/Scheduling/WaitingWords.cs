using System.Globalization;

namespace Drover.Core;

/// <summary>What the scheduler's decision about a ticket is in words: the very answer that it acts on.</summary>
public static class WaitingWords
{
    public static Why Of(Decision decision) => decision.Verdict switch
    {
        ClaimVerdict.Start start => new("runnable", $"{decision.Ticket} is next: {start.Slot} starts on it within seconds."),
        ClaimVerdict.Queued queued => new(queued.Cause.Word(), $"{Sentence(queued.Text)}{At(queued.Until)} It starts by itself then.{Place(decision)}"),
        ClaimVerdict.Refused refused => new(refused.Cause.Word(), Sentence(refused.Text)),
        var other => throw new ArgumentOutOfRangeException(nameof(decision), other, "no verdict"),
    };

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..].TrimEnd('.')}.";

    private static string At(DateTimeOffset? until) => until is { } at ? string.Create(CultureInfo.InvariantCulture, $" That is at {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.") : "";

    private static string Place(Decision decision) => decision.Position == 1
        ? $" It is the first of those that wait for a {decision.Role.Word()}."
        : string.Create(CultureInfo.InvariantCulture, $" {decision.Position - 1} of those that wait for a {decision.Role.Word()} come before it.");
}
