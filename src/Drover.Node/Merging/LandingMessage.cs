using System.Text;
using Drover.Core;

namespace Drover.Node.Merging;

/// <summary>The message of the commit that lands a ticket.</summary>
public static class LandingMessage
{
    private const int LongestTitle = 200;

    /// <summary><c>APP-12: title</c> and the trailers that lead back to ticket and run. The title is a line of text from outside.</summary>
    /// <param name="run">Null when no run has made the work.</param>
    public static string Of(TicketKey key, string title, RunId? run)
    {
        var line = new StringBuilder();
        foreach (var rune in title.EnumerateRunes().Take(LongestTitle)) line.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        return $"{$"{key}: {line}".TrimEnd()}\n\nDrover-Ticket: {key}\n{(run is { } id ? $"Drover-Run: {id}\n" : "")}";
    }
}
